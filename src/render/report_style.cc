#include "render/report_style.h"

namespace plumbago::render {

// Colours: ink, paper and lines; blue for the user's own, orange for what is published, teal and
// purple for further series (apart for the common kinds of colour blindness, after Okabe and Ito).
// All text has a contrast of 4.5 or more on its ground, in both themes.
const char* const kReportStyle = R"css(
:root{color-scheme:light;--paper:#fbfbfa;--card:#fff;--ink:#1c2024;--soft:#5a626b;--line:#dfe2e6;--grid:#e9ebee;
--own:#0b5cad;--own-soft:#cfe1f5;--pub:#a34700;--s1:#00705a;--s2:#7a3e9d;--s3:#8a5a00;--good:#0a6b3d;--bad:#b3261e;--warn:#8a5a00;
--good-bg:#e3f4ea;--bad-bg:#fbe7e5;--warn-bg:#fbf0d9;--focus:#0b5cad;
--h1:#e6eff9;--h2:#c3daf1;--h3:#93bbe4;--h4:#5b96d0;--h5:#2569b0;--h6:#0a3f78;--hi:#fff;--hi4:#10161c}
@media (prefers-color-scheme:dark){:root:not([data-theme=light]){color-scheme:dark;--paper:#14171a;--card:#1c2024;--ink:#e8eaed;--soft:#a5adb6;--line:#343a41;--grid:#2a2f35;
--own:#6fb1f5;--own-soft:#1f3c59;--pub:#f2a65e;--s1:#4fcfae;--s2:#cfa0ee;--s3:#e6c15a;--good:#6fd39b;--bad:#ff9a92;--warn:#ecc063;
--good-bg:#173326;--bad-bg:#40211f;--warn-bg:#3a2f17;--focus:#8cc4ff;
--h1:#1e2b39;--h2:#21405f;--h3:#285b8c;--h4:#3475b0;--h5:#6dafe8;--h6:#c4e2ff;--hi:#10161c;--hi4:#fff}}
:root[data-theme=dark]{color-scheme:dark;--paper:#14171a;--card:#1c2024;--ink:#e8eaed;--soft:#a5adb6;--line:#343a41;--grid:#2a2f35;
--own:#6fb1f5;--own-soft:#1f3c59;--pub:#f2a65e;--s1:#4fcfae;--s2:#cfa0ee;--s3:#e6c15a;--good:#6fd39b;--bad:#ff9a92;--warn:#ecc063;
--good-bg:#173326;--bad-bg:#40211f;--warn-bg:#3a2f17;--focus:#8cc4ff;
--h1:#1e2b39;--h2:#21405f;--h3:#285b8c;--h4:#3475b0;--h5:#6dafe8;--h6:#c4e2ff;--hi:#10161c;--hi4:#fff}
*{box-sizing:border-box}
html{scroll-behavior:smooth;-webkit-text-size-adjust:100%}
@media (prefers-reduced-motion:reduce){html{scroll-behavior:auto}}
body{margin:0;background:var(--paper);color:var(--ink);font:14.5px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","DejaVu Sans",sans-serif;font-variant-numeric:tabular-nums}
.page{max-width:1400px;margin:0 auto;padding:0 24px 64px}
a{color:var(--own)}
:focus-visible{outline:3px solid var(--focus);outline-offset:2px;border-radius:3px}
.skip{position:absolute;left:8px;top:-60px;background:var(--card);padding:8px 14px;z-index:9}
.skip:focus{top:8px}
header{display:flex;flex-wrap:wrap;gap:4px 24px;align-items:baseline;padding:18px 0 12px}
h1{font-size:20px;line-height:1.3;margin:0;font-weight:650}
header p{margin:0;color:var(--soft);flex:1 1 300px;overflow-wrap:anywhere}
button{font:inherit;font-size:13px;color:var(--ink);background:var(--card);border:1px solid var(--line);border-radius:6px;padding:3px 10px;cursor:pointer}
button:hover{border-color:var(--soft)}
h2{font-size:18px;line-height:1.3;margin:0;font-weight:650}
h3{font-size:15px;line-height:1.35;margin:0 0 8px;font-weight:650}
.first{display:grid;grid-template-columns:minmax(0,1fr) minmax(0,1fr);gap:14px;align-items:start}
@media (min-width:1081px){.first{min-height:min(calc(100vh - 84px),960px);grid-template-rows:auto 1fr;align-items:stretch;margin-bottom:24px}}
.first .card:last-child{display:grid;align-content:start}.first>.card>.note{margin:8px 0 0}
.first>.whole,.first.bare>*{grid-column:1/-1}
.card{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:14px 18px;min-width:0}
.kicker{font-size:12px;letter-spacing:.06em;text-transform:uppercase;color:var(--soft);margin:0 0 8px;font-weight:650}
.note{color:var(--soft);font-size:13px}
.scroll+.note{margin:4px 0 0}
.partial{background:var(--warn-bg);color:var(--ink);border-left:4px solid var(--warn);padding:8px 14px;margin:0 0 16px}
.parts{display:block;border-radius:4px;margin:4px 0 8px}
.parts .whole{fill:var(--good)}.parts .mended{fill:url(#hatch)}.parts .dropped{fill:url(#stripes)}
svg.defs{position:absolute}
.warn-ground{fill:var(--warn-bg)}.warn-ink{fill:var(--warn)}.bad-ground{fill:var(--bad-bg)}.bad-ink{fill:var(--bad)}
.key{display:inline-block;width:11px;height:11px;border-radius:2px;margin-right:5px;vertical-align:-1px}
.key.whole{background:var(--good)}
.key.mended{background:repeating-linear-gradient(135deg,var(--warn) 0 3px,var(--warn-bg) 3px 5px)}
.key.dropped{background:repeating-linear-gradient(90deg,var(--bad) 0 2px,var(--bad-bg) 2px 4px)}
ul.line{list-style:none;margin:0;padding:0;display:flex;flex-wrap:wrap;gap:2px 18px}
dl.facts{display:grid;grid-template-columns:minmax(64px,max-content) 1fr;gap:2px 14px;margin:8px 0 0;font-size:13.5px}
dl.facts dt,dl.columns dt{color:var(--soft)}
dl.facts dd,dl.columns dd{margin:0;overflow-wrap:anywhere}
dl.columns{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,230px),1fr));gap:4px 28px;margin:8px 0 0;font-size:13.5px}
ol.findings{list-style:none;margin:0;padding:0}
ol.findings>li{padding:7px 0 7px 30px;border-top:1px solid var(--line);position:relative}
ol.findings>li:first-child{border-top:0;padding-top:0}
ol.findings>li>.sign{position:absolute;left:0;top:7px}
ol.findings>li:first-child>.sign{top:0}
.sign{display:inline-block;width:21px;height:21px;line-height:21px;text-align:center;border-radius:50%;font-weight:700;font-size:13px}
.supported{background:var(--good-bg);color:var(--good)}
.contradicted{background:var(--bad-bg);color:var(--bad)}
.cannot-say{background:var(--warn-bg);color:var(--warn)}
.claim{font-weight:600;margin:0;overflow-wrap:anywhere}
.effect{margin:1px 0 0;font-size:13.5px;color:var(--soft);overflow-wrap:anywhere}
.advice{margin:3px 0 0;font-size:14px;overflow-wrap:anywhere}
.saves{display:inline-block;background:var(--own-soft);border-radius:4px;padding:0 6px;font-size:13px;color:var(--ink)}
nav.contents{margin:24px 0 0;padding:12px 18px}
nav.contents ol{columns:4 220px;margin:0;padding-left:22px}
nav.contents li{break-inside:avoid;margin:0 0 3px}
section.part{margin-top:16px;content-visibility:auto;contain-intrinsic-size:auto 900px}
section.part>details>summary{cursor:pointer;padding:12px 18px;background:var(--card);border:1px solid var(--line);border-radius:10px;display:flex;gap:4px 16px;align-items:baseline;flex-wrap:wrap;list-style:none}
section.part>details>summary::-webkit-details-marker{display:none}
section.part>details>summary::before{content:"▸";color:var(--soft);width:10px}
section.part>details[open]>summary::before{content:"▾"}
section.part>details[open]>summary{border-radius:10px 10px 0 0}
section.part>details>summary .question{color:var(--soft)}
.body{background:var(--card);border:1px solid var(--line);border-top:0;border-radius:0 0 10px 10px;padding:16px 18px 18px;display:grid;gap:22px;grid-template-columns:minmax(0,1fr)}
.lead{display:grid;grid-template-columns:minmax(0,1fr);gap:18px 40px;align-items:start}
.lead>div:last-child{display:grid;gap:18px;min-width:0}
@media (min-width:1000px){.lead{grid-template-columns:fit-content(50%) minmax(0,1fr)}.lead>div:only-child{grid-column:1/-1}}
.tables{display:flex;flex-wrap:wrap;gap:24px 44px;align-items:flex-start}
.tables>div{max-width:100%;min-width:0}
.scroll{overflow-x:auto;max-width:100%}
table{border-collapse:collapse;font-size:14px}
caption{text-align:left;font-weight:650;padding:0 0 6px;font-size:15px}
th,td{padding:4px 14px 4px 0;border-bottom:1px solid var(--line);text-align:left;vertical-align:top}
th{font-weight:600;color:var(--soft);font-size:13px;vertical-align:bottom}
tbody th{font-weight:400;font-size:14px;color:var(--ink);vertical-align:top;min-width:110px;max-width:420px;overflow-wrap:anywhere}
td.n,th.n{text-align:right;white-space:nowrap}
th.n{white-space:normal}
td.w{white-space:nowrap}
td.t{overflow-wrap:anywhere;min-width:110px;max-width:420px}
tbody tr:hover{background:var(--paper)}
th[aria-sort=ascending] button::after{content:" ↑"}
th[aria-sort=descending] button::after{content:" ↓"}
th button{border:0;background:none;padding:0;font:inherit;font-weight:600;color:inherit;text-align:inherit;text-decoration:underline dotted;text-underline-offset:3px}
.filter{font:inherit;font-size:13px;color:var(--ink);background:var(--paper);border:1px solid var(--soft);border-radius:6px;padding:3px 9px;margin:0 0 6px;width:min(230px,100%)}caption .filter{display:block;margin:5px 0 2px;font-weight:400}
.figures{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,400px),1fr));gap:22px 28px}
figure{margin:0;min-width:0}
figure.full{grid-column:1/-1}
figcaption{font-weight:650;margin:0 0 6px;overflow-wrap:anywhere}
figure>svg{display:block;width:100%;height:auto;max-width:560px}
figure.full>svg.wide{max-width:900px}
figure details,.body>details{margin-top:6px;font-size:14px}
details summary{cursor:pointer}
figure details>summary,.body details>summary{color:var(--soft)}
figure details>*:not(summary){margin-top:6px}
ul.legend{list-style:none;margin:4px 0 0;padding:0;display:flex;flex-wrap:wrap;gap:2px 18px;font-size:13px;color:var(--soft)}
svg.swatch{display:inline-block;width:34px;height:10px;margin-right:6px}svg.swatch.tall{height:18px;vertical-align:-4px}
svg text{font:12px system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","DejaVu Sans",sans-serif;fill:var(--ink)}
svg text.tick,svg text.soft,svg text.title{fill:var(--soft)}
svg .grid{stroke:var(--grid);stroke-width:1;fill:none}
svg .axis{stroke:var(--soft);stroke-width:1;fill:none}
svg .line{fill:none;stroke-width:2.2;stroke-linejoin:round;stroke-linecap:round}
svg .s0{stroke:var(--own)}svg .s1{stroke:var(--s1);stroke-dasharray:9 3}svg .s2{stroke:var(--s2);stroke-dasharray:2 3.5}svg .s3{stroke:var(--s3);stroke-dasharray:11 3 2 3}svg .s4{stroke:var(--bad);stroke-dasharray:5 2}svg .s5{stroke:var(--soft);stroke-dasharray:3 3}
svg .p0{stroke:var(--pub);stroke-dasharray:5 4}svg .p1{stroke:var(--s2);stroke-dasharray:5 4}svg .p2{stroke:var(--s1);stroke-dasharray:3 5}svg .p3{stroke:var(--s3);stroke-dasharray:3 5}
svg .mark{fill:var(--card);stroke-width:1.6;stroke-dasharray:none}
svg .bar{fill:var(--own)}svg .b1{fill:var(--s1)}svg .b2{fill:var(--s2)}svg .b3{fill:var(--s3)}svg .b4{fill:var(--bad)}svg .b5{fill:var(--soft)}
.t0{fill:var(--own)}.t1{fill:var(--pub)}.t2{fill:var(--s1)}.t3{fill:var(--s2)}.t4{fill:var(--s3)}.t5{fill:var(--bad)}.t6{fill:var(--good)}.t7{fill:var(--soft)}
svg .stack{stroke:var(--card);stroke-width:1}svg text.part{fill:var(--card);font-size:11px;font-weight:600}
svg .pbar{fill:none;stroke:var(--pub);stroke-width:1.4;stroke-dasharray:4 2}svg .pbar.p1{stroke:var(--s2)}
.h1{fill:var(--h1)}.h2{fill:var(--h2)}.h3{fill:var(--h3)}.h4{fill:var(--h4)}.h5{fill:var(--h5)}.h6{fill:var(--h6)}
.heat rect{stroke:var(--card);stroke-width:.7}
svg text.cell{font-size:10.5px}svg text.c4{fill:var(--hi4)}svg text.c5,svg text.c6{fill:var(--hi)}
.graph .node rect:not(.own){fill:var(--paper);stroke:var(--soft);stroke-width:1}
.graph .node.focus rect:not(.own){fill:var(--own-soft);stroke:var(--own);stroke-width:2.4}
.graph .own{fill:var(--own)}
.graph .icon{fill:none;stroke:var(--ink);stroke-width:1.3;stroke-linejoin:round;stroke-linecap:round}
.graph .link{fill:none;stroke:var(--soft);opacity:.75}
.graph .weak{opacity:.4}
.graph .back{stroke-dasharray:5 4}
.graph text.name{font-size:13.5px}.graph text.linktext{font-size:12px;fill:var(--soft)}
.graph .focus .name{font-weight:650}
.head{fill:var(--soft)}
svg.narrow{display:none!important}
.interval{display:block;margin:3px 0 0}
.interval .rail{stroke:var(--line);stroke-width:4;stroke-linecap:round}
.interval .range{stroke:var(--own);stroke-width:4;stroke-linecap:round;opacity:.55}
.interval .dot{fill:var(--own)}
article.finding{border-left:4px solid var(--line);padding:2px 0 2px 14px;min-width:0}
article.finding.v-supported{border-color:var(--good)}article.finding.v-contradicted{border-color:var(--bad)}article.finding.v-cannot-say{border-color:var(--warn)}
.chip{border-radius:4px;padding:1px 7px;font-size:13px;font-weight:600;margin-right:6px}
code{font-family:ui-monospace,"SF Mono",Menlo,Consolas,"DejaVu Sans Mono",monospace;font-size:13px;overflow-wrap:anywhere}
footer{margin-top:28px;color:var(--soft);font-size:13px}
.js-only{display:none}.js .js-only{display:inline-block}
@media (max-width:1080px){header{display:grid;grid-template-columns:minmax(0,1fr) auto}header p{order:3;grid-column:1/-1}.first{grid-template-columns:minmax(0,1fr)}}
@media (max-width:640px){.page{padding:0 12px 40px}.card,.body{padding:12px}section.part>details>summary{padding:10px 12px}
svg.wide{display:none!important}svg.narrow{display:block!important}dl.facts{grid-template-columns:1fr;gap:0}dl.facts dd{margin:0 0 6px}svg text{font-size:13px}}
@media print{section.part{content-visibility:visible}.js-only,.filter,nav.contents,.skip{display:none!important}.card,.body,section.part>details>summary{border-color:#999}}
)css";

const char* const kReportScript = R"js(
(function(){
var d=document,root=d.documentElement;root.classList.add("js");
var store=null;try{store=window.localStorage}catch(e){}
function dark(){var t=root.getAttribute("data-theme");return t?t==="dark":matchMedia("(prefers-color-scheme:dark)").matches}
var b=d.getElementById("theme");
function say(){b.textContent=dark()?"Light theme":"Dark theme"}
try{var t=store&&store.getItem("plumbago-theme");if(t==="dark"||t==="light")root.setAttribute("data-theme",t)}catch(e){}
b.addEventListener("click",function(){var t=dark()?"light":"dark";root.setAttribute("data-theme",t);try{store&&store.setItem("plumbago-theme",t)}catch(e){}say()});say();
matchMedia("(prefers-color-scheme:dark)").addEventListener("change",say);
function reach(){var t=location.hash.length>1&&d.getElementById(location.hash.slice(1));for(var e=t;e;e=e.parentElement)if(e.tagName==="DETAILS")e.open=true;
if(t&&t.firstElementChild&&t.firstElementChild.tagName==="DETAILS")t.firstElementChild.open=true}
window.addEventListener("hashchange",reach);reach();
function tools(table){
var body=table.tBodies[0];if(!body)return;var rows=Array.prototype.slice.call(body.rows);if(rows.length<4)return;
if(rows.length>8){var box=d.createElement("input");box.type="search";box.className="filter";box.placeholder="filter these "+rows.length+" rows";
box.setAttribute("aria-label","filter the rows of: "+(table.caption?table.caption.textContent:"table"));
box.addEventListener("input",function(){var q=box.value.toLowerCase();rows.forEach(function(r){r.hidden=q!==""&&r.textContent.toLowerCase().indexOf(q)<0})});
if(table.caption)table.caption.appendChild(box);else{var holder=table.parentElement;holder.parentElement.insertBefore(box,holder)}}
Array.prototype.forEach.call(table.tHead.rows[0].cells,function(th,c){
var button=d.createElement("button");button.type="button";while(th.firstChild)button.appendChild(th.firstChild);th.appendChild(button);
button.addEventListener("click",function(){
var up=th.getAttribute("aria-sort")==="descending";
Array.prototype.forEach.call(table.tHead.rows[0].cells,function(o){o.removeAttribute("aria-sort")});
th.setAttribute("aria-sort",up?"ascending":"descending");
rows.map(function(r,i){var x=r.cells[c],v=x&&x.getAttribute("data-v");return{r:r,i:i,n:v===null||v===undefined?NaN:+v,t:x?x.textContent:""}})
.sort(function(a,b){var k=isNaN(a.n)||isNaN(b.n)?(isNaN(a.n)&&isNaN(b.n)?(a.t<b.t?-1:a.t>b.t?1:0):isNaN(a.n)?-1:1):a.n-b.n;return(up?k:-k)||a.i-b.i})
.forEach(function(o){body.appendChild(o.r)})})})}
var tables=d.querySelectorAll("table.data");
if(!window.IntersectionObserver)tables.forEach(tools);
else{var near=new IntersectionObserver(function(es){es.forEach(function(e){if(e.isIntersecting){near.unobserve(e.target);tools(e.target)}})},{rootMargin:"600px"});tables.forEach(function(t){near.observe(t)})}
})();
)js";

const char* const kReportStyleHash = "sha256-DTbvKq++qnVBlHU4cL1xqRauX+D0ETCdpKgiIWkiNKM=";
const char* const kReportScriptHash = "sha256-P25zkVapIAkyVKUEvRejIcFXfrYFrAQatpVwbmWZQ1E=";

}  // namespace plumbago::render
