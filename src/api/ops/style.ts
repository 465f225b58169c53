/** The style of the desk's pages, on top of that of all pages. */
export const DESK_STYLE = `
:root {
  --warn: light-dark(#8a4b00, #ffc37a);
  --wash-good: light-dark(#e3f4ea, #14301f);
  --wash-link: light-dark(#e4effa, #16293d);
  --wash-warn: light-dark(#fdf0dc, #3a2a10);
  --wash-problem: light-dark(#fbe6e6, #3f1d1f);
  --k-resolved: light-dark(#1c8a52, #4fbf83);
  --k-open: light-dark(#6aa6de, #5b93c9);
  --k-drafted: light-dark(#8a6fd1, #a893e6);
  --k-handed-off: light-dark(#d98613, #e8a74c);
  --k-skipped: light-dark(#98a1ad, #79828e);
}
header nav { flex: 1 0 100%; display: flex; flex-wrap: wrap; gap: 0 0.25rem; margin-top: 0.5rem; border-bottom: 1px solid var(--line); }
header nav a { padding: 0.6rem 0.75rem; text-decoration: none; border-bottom: 3px solid transparent; }
header nav a[aria-current] { color: var(--ink); font-weight: 600; border-bottom-color: var(--link); }
header form { display: flex; align-items: center; gap: 0.75rem; }
main { padding-top: 1rem; }
main > :first-child { margin-top: 0; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(11rem, 1fr)); gap: 0.75rem; margin: 0 0 1rem; padding: 0; list-style: none; }
.tile { padding: 0.75rem 1rem; background: var(--raised); border: 1px solid var(--line); border-left-width: 4px; border-radius: 0.5rem; }
.tile a { display: flex; align-items: baseline; gap: 0.5rem; color: inherit; text-decoration: none; }
.tile a:hover span { text-decoration: underline; }
.tile strong { font-size: 1.75rem; line-height: 1.2; font-variant-numeric: tabular-nums; }
.tile p { margin: 0.25rem 0 0; font-size: 0.875rem; }
.tile.urgent { border-left-color: var(--k-handed-off); background: var(--wash-warn); }
.tile.urgent .faint { color: var(--ink); }
.tile.unknown { border-left-color: var(--problem); }
.questions { display: flex; flex-wrap: wrap; gap: 0.25rem 1.5rem; max-width: none; }
.tabs { display: flex; flex-wrap: wrap; gap: 0.5rem; max-width: none; }
.tabs a { padding: 0.4rem 0.75rem; border: 1px solid var(--line); border-radius: 2rem; text-decoration: none; }
.tabs a[aria-current] { background: var(--wash-link); border-color: var(--link); font-weight: 600; }
.chip { display: inline-block; padding: 0.05rem 0.6rem; border-radius: 1rem; background: var(--raised); border: 1px solid var(--line); font-size: 0.875rem; font-weight: 600; }
.chip.replied, .chip.done { background: var(--wash-good); color: var(--good); border-color: transparent; }
.chip.open, .chip.taken, .chip.drafted { background: var(--wash-link); color: var(--link); border-color: transparent; }
.chip.handed-off, .chip.awaits-approval { background: var(--wash-warn); color: var(--warn); border-color: transparent; }
.chip.needs-attention, .chip.failed, .chip.broken { background: var(--wash-problem); color: var(--problem); border-color: transparent; }
.stacked { display: grid; gap: 0.15rem; }
.stacked .faint, .bar .faint { font-size: 0.875rem; }
select, textarea { min-height: 2.75rem; padding: 0.25rem 0.6rem; max-width: 100%; font: inherit; color: var(--ink); background: var(--ground); border: 1px solid var(--faint); border-radius: 0.375rem; }
textarea { width: 100%; padding: 0.5rem 0.75rem; line-height: 1.45; resize: vertical; }
input[type='checkbox'] { width: 1.25rem; height: 1.25rem; min-height: 0; margin: 0; accent-color: var(--link); }
input[type='search'], .bar input { background: var(--ground); }
.search { display: flex; flex-wrap: wrap; align-items: end; gap: 0.75rem; margin: 1rem 0; padding: 1rem; background: var(--raised); border-radius: 0.5rem; }
.search .stacked { flex: 1 1 9rem; min-width: 0; }
.search .wide { flex: 3 1 16rem; }
.search input, .search select { width: 100%; }
.search .check { display: flex; align-items: center; gap: 0.5rem; min-height: 2.75rem; }
.search .check input { flex: none; width: 1.25rem; }
.search a { padding: 0.6rem 0; }
.bar { display: flex; flex-wrap: wrap; align-items: center; gap: 0.5rem 1rem; margin: 1rem 0 0.5rem; }
.actions { display: flex; flex-wrap: wrap; align-items: center; gap: 0.5rem 1rem; }
.actions .pair { display: flex; flex-wrap: wrap; align-items: center; gap: 0.5rem; }
.actions details { flex: 1 1 100%; }
.actions details[open] button { margin-top: 0.5rem; }
.actions summary { display: inline-block; padding: 0.5rem 0; color: var(--link); cursor: pointer; }
.cards, .rows, .story, .legend, .sources { margin: 0.5rem 0; padding: 0; list-style: none; }
.card { margin: 0 0 1rem; padding: 1rem; border: 1px solid var(--line); border-radius: 0.5rem; }
.card-head { display: flex; align-items: flex-start; gap: 0 0.75rem; }
.card-head p { flex: 1 1 auto; max-width: none; margin: 0.25rem 0; }
.card-head p + p { flex: none; }
.card > .actions { margin-top: 0.75rem; }
.choose { display: flex; align-items: center; justify-content: center; width: 2rem; min-height: 2rem; margin-left: -0.4rem; }
.said { margin: 0.5rem 0; padding: 0.6rem 0.9rem; max-width: 46rem; background: var(--raised); border-left: 3px solid var(--line); border-radius: 0 0.375rem 0.375rem 0; }
.said.ai { background: var(--wash-good); border-left-color: var(--k-resolved); }
.said.draft { background: var(--wash-link); border-left-color: var(--k-open); }
.said .who { font-size: 0.8125rem; font-weight: 600; }
.said .text { margin: 0; white-space: pre-wrap; overflow-wrap: anywhere; }
.sources { margin-top: 0; padding-left: 1rem; list-style: disc; color: var(--faint); }
.row { display: grid; grid-template-columns: 2rem minmax(0, 1fr) minmax(0, 15rem) 8.5rem; gap: 0 1rem; padding: 0.6rem 0; border-bottom: 1px solid var(--line); align-items: start; }
.row p { margin: 0.1rem 0; }
.row .preview { overflow-wrap: anywhere; }
.row.result { grid-template-columns: minmax(0, 12rem) minmax(0, 1fr); }
.when { text-align: right; font-size: 0.875rem; }
.story li { padding: 0.35rem 0; border-bottom: 1px solid var(--line); }
.test { display: grid; gap: 0.75rem; max-width: 46rem; }
.test .pair { display: flex; flex-wrap: wrap; align-items: end; gap: 0.75rem; }
.settings table { table-layout: fixed; min-width: 34rem; }
.settings th:first-child { width: 45%; }
.settings th:last-child { width: 8rem; }
.settings summary { padding: 0.5rem 0; color: var(--link); cursor: pointer; }
td.value { overflow-wrap: anywhere; min-width: 10rem; }
.legend { display: flex; flex-wrap: wrap; gap: 0.25rem 1.25rem; font-size: 0.875rem; }
.legend li { display: flex; align-items: center; gap: 0.4rem; }
.shares { display: grid; gap: 0.5rem; margin: 0.75rem 0; }
.share p { margin: 0 0 0.15rem; max-width: none; }
.share svg { width: 100%; height: 1.25rem; border-radius: 0.25rem; overflow: hidden; }
.columns { margin: 1rem 0; }
.columns svg { width: 100%; height: 7.5rem; border-bottom: 1px solid var(--line); }
.columns figcaption { display: flex; justify-content: space-between; font-size: 0.8125rem; }
${['resolved', 'open', 'drafted', 'handed-off', 'skipped'].map((kind) => `.k-${kind} { fill: var(--k-${kind}); }`).join('\n')}
.k-none { fill: var(--raised); }
.k-ground { fill: transparent; }
@media (max-width: 48rem) {
  .row { grid-template-columns: 2rem minmax(0, 1fr); }
  .row > :nth-child(n + 3) { grid-column: 2; }
  .row.result > * { grid-column: 1 / -1; }
  .when { text-align: left; }
  .actions .pair { flex: 1 1 100%; }
}
@media (max-width: 40rem) {
  .tiles { grid-template-columns: 1fr 1fr; }
  .tile { padding: 0.6rem 0.75rem; }
  header nav a { padding: 0.6rem 0.5rem; }
}
`;
