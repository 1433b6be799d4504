/** All of the page's style. Colours of parts differ in lightness too, so that they are told apart without colour. */
export const style = `
:root { color-scheme: light dark;
  --page: #f6f7f9; --card: #ffffff; --ink: #16191d; --soft: #525a65; --line: #d8dde3; --code: #eef1f4;
  --good: #0b6b3a; --fair: #8a5300; --bad: #b3261e; --warned: #fff6e0; --link: #1d5fbf;
  --p0: #1f4e9c; --p1: #4f8fe0; --p2: #0e7c66; --p3: #e08a1e; --p4: #8a4fc4; --p5: #c2356b; --p6: #6b7a1f;
  --free: #e3e8ee; --kept: #9aa4b1; --bar: #4f8fe0 }
@media (prefers-color-scheme: dark) { :root {
  --page: #111418; --card: #1a1e24; --ink: #e9ecf0; --soft: #a9b2bd; --line: #343b45; --code: #252b33;
  --good: #67d391; --fair: #f0b95a; --bad: #ff8a80; --warned: #33290f; --link: #8ab8ff;
  --p0: #5b8def; --p1: #9cc3ff; --p2: #3fb99b; --p3: #f0a848; --p4: #b78af0; --p5: #f07aa5; --p6: #b5c452;
  --free: #2c333c; --kept: #6d7885; --bar: #5b8def } }
* { box-sizing: border-box }
body { margin: 0; background: var(--page); color: var(--ink); font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans", sans-serif }
main, header, footer { max-width: 1120px; margin: 0 auto; padding: 0 24px }
header { padding-top: 40px }
h1 { margin: 0 0 8px; font-size: 30px; line-height: 1.2; letter-spacing: -.01em }
h2 { margin: 0 0 4px; font-size: 20px }
h3 { margin: 28px 0 8px; font-size: 16px }
p { margin: 0 0 12px; max-width: 90ch }
.soft, footer { color: var(--soft) }
section { margin: 20px 0; padding: 24px; background: var(--card); border: 1px solid var(--line); border-radius: 10px }
code { font: .92em/1.4 ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace; overflow-wrap: anywhere }
a { color: var(--link) }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(190px, 1fr)); gap: 12px; margin: 24px 0 0; padding: 0 }
.figures div { padding: 14px 18px; background: var(--card); border: 1px solid var(--line); border-radius: 10px }
.figures dt { color: var(--soft); font-size: 14px }
.figures dd { margin: 0; font-size: 24px; font-weight: 650; line-height: 1.3 }
.figures small { display: block; font-size: 14px; font-weight: 400; color: var(--soft) }
.facts { display: grid; grid-template-columns: repeat(auto-fill, minmax(210px, 1fr)); gap: 10px 24px; margin: 12px 0 0 }
.facts dt { color: var(--soft); font-size: 14px }
.facts dd { margin: 0; overflow-wrap: anywhere }
.warned { background: var(--warned) }
.warned li { margin-bottom: 8px }
.good { color: var(--good) } .fair { color: var(--fair) } .bad { color: var(--bad) }
.good, .fair, .bad { font-weight: 650 }
svg { display: block; width: 100% }
.stack { height: 44px; margin: 16px 0 4px; border-radius: 6px; overflow: hidden }
.scale { display: flex; justify-content: space-between; font-size: 14px; color: var(--soft); margin-bottom: 12px }
.bar { height: 20px; min-width: 150px }
.swatch { display: inline-block; width: 14px; height: 14px; margin-right: 8px; vertical-align: -2px; border-radius: 3px; border: 1px solid var(--line) }
.wide { overflow-x: auto }
table { width: 100%; border-collapse: collapse; font-size: 15px }
caption { text-align: left; color: var(--soft); font-size: 14px; padding-bottom: 6px }
th, td { text-align: left; vertical-align: top; padding: 8px 14px 8px 0; border-bottom: 1px solid var(--line) }
tbody th { font-weight: 400 }
.label { white-space: nowrap }
table + p { margin-top: 14px }
.cards:not(.settings) code { overflow-wrap: normal }
ul { margin: 0; padding-left: 22px } section > :last-child { margin-bottom: 0 }
thead th { font-size: 13px; color: var(--soft); font-weight: 600 }
th:last-child, td:last-child { padding-right: 0 }
tfoot th, tfoot td, .total th, .total td { font-weight: 650; border-bottom: 0 }
.number { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums }
.settings { table-layout: fixed }
.settings .name { width: 27% } .settings .value { width: 13% } .settings .before { width: 12% } .settings .effect { width: 9% }
.settings td.value { font-weight: 650 }
.source { display: block; font-size: 13px; color: var(--soft) }
.values th, .values td { padding-right: 18px; white-space: nowrap }
footer { padding-bottom: 40px; font-size: 14px }
@media (max-width: 640px) {
  main, header, footer { padding-left: 12px; padding-right: 12px }
  header { padding-top: 24px }
  h1 { font-size: 24px }
  section { padding: 16px; margin: 12px 0 }
  .figures { grid-template-columns: 1fr 1fr; gap: 8px } .figures div { padding: 10px 12px } .figures dd { font-size: 19px }
  .facts { grid-template-columns: 1fr 1fr }
  .cards thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%) }
  .cards, .cards tbody, .cards tr, .cards th, .cards td { display: block; width: auto }
  .cards tr { padding: 10px 0; border-bottom: 1px solid var(--line) }
  .cards th, .cards td { border: 0; padding: 1px 0; width: auto !important; text-align: left; white-space: normal }
  .cards tbody th { font-weight: 650 }
  .cards td.number { display: inline-block; margin-right: 14px }
  .label { white-space: normal } .cards code { overflow-wrap: anywhere !important }
  .cards td[data-label]::before { content: attr(data-label) ": "; color: var(--soft); font-size: 14px; font-weight: 400 }
}
@media print {
  :root { color-scheme: light; --page: #ffffff; --card: #ffffff; --ink: #000000; --soft: #444444; --line: #bbbbbb; --code: #ffffff;
    --good: #0b6b3a; --fair: #8a5300; --bad: #b3261e; --warned: #ffffff; --link: #000000;
    --p0: #1f4e9c; --p1: #4f8fe0; --p2: #0e7c66; --p3: #e08a1e; --p4: #8a4fc4; --p5: #c2356b; --p6: #6b7a1f; --free: #e3e8ee; --kept: #9aa4b1; --bar: #4f8fe0 }
  body { font-size: 11px } table { font-size: 10px }
  main, header, footer { max-width: none; padding: 0 }
  section { border: 0; padding: 0; border-radius: 0 }
  tr, .figures div { break-inside: avoid } h2, h3 { break-after: avoid }
  svg, .swatch { -webkit-print-color-adjust: exact; print-color-adjust: exact }
}
`
