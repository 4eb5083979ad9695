"""Common Uzbek given and family names, most frequent first, in Latin with `'` for the turned comma."""

from __future__ import annotations

MALE = """
Jasur Sardor Bekzod Aziz Sherzod Dilshod Otabek Rustam Alisher Jamshid Ulug'bek Shavkat Farrux Bobur Sanjar
Javohir Oybek Akmal Bahodir Baxtiyor Davron Elyor Umid Islom Abdulla Anvar Botir Doniyor Zafar Ibrohim
Islomjon Qahramon Laziz Mansur Murod Nodir Odil Olim Ravshan Rahim Said Temur Timur Toxir Ulmas Farhod Hamid
Hasan Husan Xurshid Shuhrat Shohruh Jahongir Ilhom Muzaffar Muhammad Nurbek Orif Po'lat Rasul Samandar Sobir
Sunnat To'lqin Umar Vohid Yusuf Zokir Zohid G'ayrat G'ani Hikmat Ismoil Komil Mirzo Nuriddin Ne'mat Qodir
Salim Tohir Abror Adham Asad Asror Bunyod Diyor Erkin Faxriddin Fozil Habib Jalol Karim Mahmud Mirjalol
Nizom
""".split()

FEMALE = """
Dilnoza Nilufar Madina Gulnora Shahnoza Zilola Nigora Feruza Malika Kamola Lola Sevara Zulfiya Dilfuza Nargiza
Nodira Umida Gulchehra Barno Munisa Muazzam Oydin Ozoda Rano Sabina Saida Sayyora Shirin Shoira Tamara Yulduz
Zarina Zebo Zuhra Fotima Hulkar Iroda Intizor Komila Lobar Mahliyo Maftuna Marhabo Mohira Mukaddas Muhabbat
Nafisa Nasiba Nozima Oysha Parizoda Ra'no Robiya Ruxshona Sarvinoz Sitora Surayyo To'xtaxon Xurshida Charos
Shahlo Shahzoda Adolat Aziza Asal Bahora Gavhar Gulbahor Go'zal Dildora Durdona E'zoza Farida Hilola Jamila
Kumush Laylo Mehriniso Mohinur Nasibaxon Orzu Qunduz Rayhona Salomat Umidaxon Vazira
""".split()

ROOTS = """
Karimov Rahimov Yusupov Ismoilov Abdullayev Xolmatov To'rayev Nazarov Saidov Umarov Mirzayev Ergashev Olimov
Sobirov Hamidov Qodirov Usmonov Aliyev Normatov Rustamov Xasanov Jo'rayev Tursunov Sharipov Ibragimov
Mahmudov Sattorov Yo'ldoshev Rasulov Xudoyberdiyev Boboyev Eshmatov Toshmatov Haydarov Qosimov Ahmedov
Ortiqov Salimov Murodov Nurmatov Alimov Azimov Baxtiyorov Davronov Egamberdiyev Fayziyev G'aniyev G'ulomov
Hakimov Hoshimov Husanov Ikromov Islomov Jalilov Jumayev Komilov Latipov Mamatov Mo'minov Musayev Nabiyev
Ochilov Pulatov Rajabov Ro'ziyev Safarov Samadov Sodiqov Shodiyev Shukurov Temirov Tojiyev Turg'unov Valiyev
Vohidov Xamidov Xo'jayev Yoqubov Zokirov Zoirov O'rinov O'tkirov Abdurahmonov Abdurasulov Asqarov Axmadjonov
Bekmurodov Berdiyev Choriyev Dadajonov Dehqonov Eshonqulov Halimov Inoyatov Isroilov Kenjayev Mirzaliyev
Narzullayev Norboyev Oripov Parpiyev Qayumov Qo'chqorov Rahmatov Raximberdiyev Razzoqov Saydaliyev Siddiqov
Suvonov Toirov To'xtayev Umirzoqov Usmonaliyev Xalilov Xamroyev Xoliqov Yuldashev Yunusov Zaripov Ziyoyev
Abduvaliyev Qurbonov Sultonov Matyoqubov
""".split()

TWINS = (("Hasan", "Husan"), ("Fotima", "Zuhra"))
"""The pairs of names that twin boys and twin girls are traditionally given."""
