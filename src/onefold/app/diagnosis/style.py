"""The one style sheet of a report: calm, dense, light and dark, and fit for paper."""

STYLE = """
:root{color-scheme:light dark;--paper:#fbfbf9;--card:#fff;
--ink:#1d242d;--muted:#5d6773;--line:#dfe3e8;
--faint:#f0f2f4;--a:#2b6a99;--b:#d9932f;--c:#8a5a9e;--d:#b9c2cc;--good:#37846a;--bad:#bf4b3b;--on:#fff;
--note:#fdf3dd}
@media screen and (prefers-color-scheme:dark){:root{
--paper:#12161b;--card:#191f26;--ink:#e3e8ee;--muted:#98a3b0;
--line:#2c343e;--faint:#222a33;--a:#6fb0dc;--b:#e3ab57;--c:#bb90cf;--d:#4a5562;--good:#62b896;--bad:#e5806f;
--on:#0f1419;--note:#3a3019}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:14px/1.45 system-ui,-apple-system,"Segoe UI",
Roboto,"Noto Sans",sans-serif;font-variant-numeric:tabular-nums}
main,header,footer{max-width:1180px;margin:0 auto;padding:0 24px}
header{padding-top:28px}
h1{font-size:24px;line-height:1.2;margin:0 0 4px;letter-spacing:-.01em}
h2{font-size:17px;margin:34px 0 4px;padding-top:12px;border-top:1px solid var(--line)}
h3{font-size:14px;margin:18px 0 6px}
p{margin:4px 0 10px;max-width:104ch}
.muted,figcaption,.meta{color:var(--muted)}
a{color:var(--a)}
:focus-visible{outline:2px solid var(--b);outline-offset:2px}
.note{background:var(--note);border-left:3px solid var(--b);padding:8px 12px;margin:14px 0;max-width:none}
nav ul{display:flex;flex-wrap:wrap;gap:4px 18px;list-style:none;margin:12px 0 0;padding:0}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(130px,1fr));gap:10px;margin:16px 0 8px}
.tile{background:var(--card);border:1px solid var(--line);border-radius:6px;padding:10px 14px}
.tile b{display:block;white-space:nowrap;font-size:22px;line-height:1.2;font-weight:600;letter-spacing:-.02em}
.tile span{color:var(--muted);font-size:12.5px}
.grid{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(470px,100%),1fr));gap:14px;margin:12px 0;
align-items:start}
figure{margin:0;background:var(--card);border:1px solid var(--line);border-radius:6px;padding:12px 14px 8px;
min-width:0;break-inside:avoid}
figcaption{font-size:12.5px;margin-bottom:8px}
figcaption b{display:block;color:var(--ink);font-size:14px}
svg{display:block;width:100%;height:auto;overflow:visible}
svg text{font-size:12px;fill:var(--ink)}
svg .muted{fill:var(--muted)}svg .value{font-weight:600}svg .small{font-size:11px}
.a,.dot{fill:var(--a)}.b{fill:var(--b)}.c{fill:var(--c)}.d{fill:var(--d)}.good{fill:var(--good)}
.bad{fill:var(--bad)}.faint{fill:var(--faint)}.no-dot{fill:var(--line)}.measured{fill:var(--b);
stroke:var(--card);stroke-width:1.5}
svg .on-a,svg .on-b,svg .on-c,svg .on-good,svg .on-bad{fill:var(--on);font-size:11px}
svg .on-d{fill:var(--ink);font-size:11px}
.axis,svg .grid{stroke:var(--line)}.link{stroke:var(--a);stroke-width:2.5}
details{margin:6px 0}summary{cursor:pointer;color:var(--muted);font-size:12.5px}
.kind>summary{font-size:14px;color:var(--ink);font-weight:600;padding:7px 0;border-top:1px solid var(--line)}
.kind>summary span{font-weight:400;color:var(--muted)}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-size:12.5px;margin:4px 0}
th,td{padding:3px 10px 3px 0;text-align:left;border-bottom:1px solid var(--line);vertical-align:top;
font-weight:400}
thead th{color:var(--muted);white-space:nowrap}
.n{text-align:right;white-space:nowrap}
.health{display:flex;height:9px;min-width:110px;border-radius:2px;overflow:hidden;background:var(--faint);
margin-top:5px}
.health i{display:block}.health .good{background:var(--good)}.health .b{background:var(--b)}
.health .bad{background:var(--bad)}.health .d{background:var(--d)}
.cards{display:grid;
grid-template-columns:repeat(auto-fit,minmax(min(360px,100%),1fr));gap:10px;margin:8px 0 16px}
.card{background:var(--card);border:1px solid var(--line);border-radius:6px;padding:6px 12px;min-width:0;
break-inside:avoid}
.card p{margin:2px 0;font-size:12.5px}
.card thead th{white-space:normal}.card tr:last-child>*{border:0}
.card .differs{color:var(--bad)}.card .same{color:var(--muted)}
code{font:12px ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;overflow-wrap:anywhere}
footer{padding-bottom:48px}
@media print{:root{color-scheme:light}body{background:#fff;font-size:11px}nav,summary{display:none}
main,header,footer{max-width:none;padding:0}details::details-content{content-visibility:visible;
block-size:auto}.kind>summary{display:block}*{print-color-adjust:exact;-webkit-print-color-adjust:exact}}
"""
