/** The style sheet of the pages for people: no fonts, pictures or scripts; colours of WCAG AA on light and dark. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --ground: light-dark(#ffffff, #16181d);
  --raised: light-dark(#f4f5f7, #20242b);
  --line: light-dark(#c9ced6, #3d444f);
  --ink: light-dark(#1b1f24, #e8eaed);
  --faint: light-dark(#565e69, #a8b0bb);
  --link: light-dark(#0b57a4, #8fc3ff);
  --problem: light-dark(#a4161a, #ff9d9d);
  --good: light-dark(#0b6b3a, #7fd6a2);
}
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1rem; max-width: 72rem; background: var(--ground); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif; }
header { display: flex; flex-wrap: wrap; align-items: center; gap: 0 1.5rem; }
header h1 { flex: 1 1 auto; }
h1 { font-size: 1.4rem; margin: 0.5rem 0; }
h2 { font-size: 1.15rem; margin: 2rem 0 0.5rem; }
h3 { font-size: 1rem; margin: 1.5rem 0 0.5rem; }
p { margin: 0.5rem 0; max-width: 46rem; }
a { color: var(--link); }
code { font-size: 0.85rem; overflow-wrap: anywhere; }
.faint { color: var(--faint); }
.problem { color: var(--problem); font-weight: 600; }
.notice { padding: 0.75rem 1rem; background: var(--raised); border-left: 0.25rem solid var(--link); }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
th, td { padding: 0.5rem 1rem 0.5rem 0; text-align: left; vertical-align: top; border-bottom: 1px solid var(--line); font-weight: 400; }
thead th { color: var(--faint); font-size: 0.875rem; }
.number { font-variant-numeric: tabular-nums; white-space: nowrap; }
time { white-space: nowrap; }
.state.human, .state.paused, .state.handed-off { font-weight: 600; }
.state.ai { color: var(--good); }
svg { display: block; fill: var(--link); }
button { min-height: 2.75rem; padding: 0.25rem 1rem; font: inherit; color: var(--ground); background: var(--link); border: 1px solid var(--link); border-radius: 0.375rem; cursor: pointer; }
button.quiet { color: var(--link); background: transparent; }
form { margin: 0; }
.narrow { max-width: 26rem; margin: 10vh auto 0; }
.login { display: grid; gap: 0.5rem; }
.narrow form { margin-top: 1.5rem; }
input { min-height: 2.75rem; padding: 0.25rem 0.75rem; font: inherit; color: var(--ink); background: var(--raised); border: 1px solid var(--faint); border-radius: 0.375rem; }
@media (max-width: 40rem) {
  th, td { padding-right: 0.6rem; }
  time { white-space: normal; }
  table { font-size: 0.9375rem; }
}
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
`.trimStart();
