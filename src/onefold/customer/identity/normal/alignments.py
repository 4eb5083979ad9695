"""How Cyrillic letters are written in Latin ones, and what each way costs.

Made by tools/learn_alignments.py. A line is one or two Cyrillic letters and what they become, with the cost
in tenths of a nat: ten times the natural logarithm of how seldom that is. `-` is nothing; the line `+` has
what a Latin letter costs that no Cyrillic one stands for. Lines go on where they are indented.
"""

COSTS = """\
+: a104 e81 g99 h87 i95 j103 n93 o102 r106 s82 t85 u92 x100 y104 z96
а: -45 a1 aa72 ae74 ah60 ai77 ar85 as75 at72 e52 ha63 he84 i63 o56 ou86 u48 y84
ав: au37
ай: ei18 ey44 i24 igh42 y26
ак: uck47
ам: ham47
ан: and53 ant53 ao61 ent66
ар: ard42 har55
ау: ou29 ow31
ая: a11
б: -58 b1 be56 n70 p68 s70
ба: bu41
бе: bu47
би: bee44 bie39
бл: ble28
бу: bou20
бю: by19
бё: boe21 bu23
в: -47 b55 f60 k66 n65 s71 u49 v5 ve52 vich70 w13
ве: wie43
во: wa42
ву: woo13
г: -49 g2 ge64 gh41 gu59 gue61 h32 k59 n67 q63 t67
гв: gu16
ге: gue27 he26
ги: ghi38 gui22
гл: gle29
гу: goo32
гю: gu5
гё: go10
д: -47 ad66 d3 das71 dd70 de50 des62 dh68 dus68 g74 k68 n68 s65 t54 x74
да: dah53 du42 tsu53
де: deh51 des42
дж: c27 g18 ge35 gg46 ggi45 gi26 j8
дз: a43 j10 z8
ди: de38 dee45 die38 dy29
дл: dle31
ду: dou22
дь: gy21
дю: du4
е: -57 a43 ae59 ai65 ais74 ay68 e2 eh63 ei73 er67 es71 et52 ey72 he64 i58 ia77 ie52 je56 o65 u67 uet79 y73
  ye61
ев: iev48 iew32 jev34 jew38 ov48 yev25 yew44 yov51
ей: a22 ai30 ay26 eu45 ij34
ек: ack42 eck25
ем: ham46
ен: ain53 in35
ер: ur48
ес: ez32
ец: iec27
ж: -41 g25 ge35 ges55 j21 r50 rz49 z24 zh31 zs47
же: ger38 rze35
жи: rzy34 zy35
жу: jou24 ru29
жю: ju4
з: -46 d62 es59 s20 se44 z9 ze51 zz63
зе: se10 the40 zie39
зи: sie38
и: -46 a64 e47 ea56 ee48 ey59 hi66 i3 ie41 ieh84 ij83 in82 is79 it80 j76 ji73 k80 ka80 o69 u69 y30 yama82
  ye84 yi66
ив: eav37
ид: ead45
из: ies30
ий: i8 io42 is47 ius18 y18
ик: ick25
им: eam50
ин: ene61
ио: jo41
ир: ear43
иф: ief31
иц: itz17
ич: jic43
ия: ia9 iah43
й: -41 as65 e54 i13 ij57 ill56 ille67 ius64 j29 js65 ll57 ly62 u65 us54 y19 ye58
йн: ine42 yne43
йо: jo11
йт: ite31
йх: ich16
йя: ia21 ja22 ya15
к: -48 c17 ch54 ck46 cq72 cus66 g58 h73 j77 k4 ke60 kh74 m69 n67 q52 qu66 que65 r75 s68 sh77 t69
ка: cu48
кв: qu9
ке: che37 cke27 que29 qui51
ки: chi39 qui42
кк: cc15 cch26
ко: cau58
кр: chr34
кс: chs40 kes37 x7
ку: coo50 cou33 qu35
кы: ki7
кь: chi16
кэ: ca19
кё: kyo16
л: -53 el77 hl73 i77 l1 le49 ll50 lus65 r76
ла: lah48 lat56
лд: eld23
ле: hle46 leh55 let44
лз: les8
ли: ley31
лл: l44
ло: lau42
лс: les28
ль: el47 gli39 hl39 lle37 lli58
лэ: la9
лю: liu27
м: -46 k64 m1 me57 mus66 n58 r69 s69 t68
ма: m32 man34 n54
мб: nb29
ме: mae49
мп: np26
мю: my21
н: -46 a80 gn79 h81 k81 kn78 m69 n1 na77 nd74 ne45 nes67 ng47 nn71 nne82 ns68 nus55 r73 y78
не: hne53 net43
ни: ney39
нн: nd41 nne43
но: not55 nou48
нс: nce36
нь: gn20 gne47 nh39 ny31
о: -48 a49 aa75 au50 aud65 augh74 ault70 aut79 aux73 aw72 e61 eau55 eaux71 eu80 ho63 i66 o1 oe67 oh58 oo62
  ot58 ou62 ough81 t77 u60
об: aub36
ов: off45 ovs52
од: aud34
ой: eu17
ок: ock26
ол: al35 all54
он: a55 hon55 ohn50 ont49
оо: o11 oh32
от: ott48
оу: aw24 o22 ow14 owe39
п: -52 b56 p1 pe50 pp60
пи: pea44
пл: ple30
по: pau43
пу: poo33 pou19
пь: pi16
р: -52 ar77 ard81 er76 g78 hr80 k72 l71 m81 n68 r1 ra76 re48 res76 rg79 ro81 rr78 rs80 rt60 rus71 s79 t77
  wr79
ра: i57 rat61
рж: r13
ри: hri61
рн: rne40
рт: ert39
рф: rff22
рц: rtz20
рь: ri26
рю: rue31
с: -47 c56 ce58 es58 k69 m74 n72 r76 s2 se61 ss53 sse78 sz56 t68 th77 x62 y77 z44
са: za30
се: ce20
си: cey57 ci30 cy47 shi9 ssi47
сс: sse38
су: zu34
сь: ci16
сю: shu6 xu20
ся: sha22 xia9
сё: sho2
т: -50 b74 c72 d63 h71 k74 m74 n70 s64 t2 te51 tes70 th31 the76 ts76 tt62 tte72 tus59
те: tai56
ти: chi14 thy52
тт: tte26
тц: tz2
тч: tch15
тю: chu15
тя: cha15
тё: cho9
у: -47 a56 e59 hou68 hu64 i62 o40 oe52 oo46 ou29 oux62 u3 uh63 w51 wh69 y63
уа: oi19 ois31 oy30 w38 wh37
уз: se31
уи: whi29 wi16 wy30
ук: oek46 ook36
ул: le44
ун: ne46 ong29
уо: wa12 wo20
ус: use46 uss42
уц: ut25
уэ: wa26 we19
ф: -62 f1 fe56 ff42 p58 ph34 th50 v55
фе: the40 ve41
фи: phi29 phy40
фо: fau40 vo30
фф: ffe32
фё: fe13
х: -48 c59 ch20 chus60 g66 gh64 h4 j42 k54 kh28 t62 x56
ха: ho47 hu40
хе: ge26
хи: gi31
хо: jo28
хт: cht9 kht26
ху: hoo30 ju27
хэ: ha8
хё: ho9
ц: -46 c19 cz44 qi58 s52 t38 ts25 tz28 z20
цв: zw11
це: cae36 cie36
цз: j7 ji16 z12
ци: cy40 qi27 zie37
цк: ck6
цу: a36 tsu2
цц: zz0
цю: qu6
ч: -48 c10 ch12 ci52 cs43 cz27 j54 k57 s61 sch58 tch38 ts54 tsch34 tsj56 tx55
ча: cea37
че: cha34
чж: zh1
чи: csi39 czy24
чо: cio29
чу: chu12 ciu24
чч: cc6 cci12
чю: ciu2
ш: -57 ch31 che45 rz58 s16 sch17 sh11 sj58 sz35 x60
ша: cha19
ше: che21 sze25
ши: rzy37 sci39 sy36 szy32
шк: szk20
шп: sp5
шт: st2
шэ: sha14
щ: sc22 sch19 shch18 szcz11
ъ: -7 gy20
ъя: ya5
ы: -34 a35 i13 o38 u34 y7
ый: y5
ь: -4 e55 i44 j54 l33 les64 y66 ʹ63
ье: ie10 ier16 je25 ye36
ьо: ho36 jo24
ью: ew14 iu26 ue26
ья: ha35 ia14 la17
ьё: jo10
э: -55 a19 ae52 ai56 ay64 e4 et63 he49 i54 o51 u65 ye65
эй: a17 ay20 i33
эк: ack18
эм: en30 ham30
эн: eng29
эр: ehr37 her25
эш: ash11
эя: eya8
ю: eu54 ew53 hu50 iou53 iu42 jo55 ju32 ou55 u10 ue44 uh50 y34 yo52 you45 yu19
юй: yu9
юк: iuk28 yuk10
юр: jur22 ure30
юс: jus21
я: -39 a21 e48 ea53 ia27 ja21 y59 ya10
яв: ev12
яй: ei7
як: iak20
ян: ean35
яр: ard25
ё: a44 e40 eu32 eux46 i52 io44 jo40 o13 oe33 oh51 yo13
ёв: ev16
ёй: ui12 uy13
ёк: ock22
ёр: ir28 ur15
"""
