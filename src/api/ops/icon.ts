/** The desk's icon, for the browser's tab. An SVG image. */
export const ICON = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">
  <title>Threadkeeper</title>
  <rect width="32" height="32" rx="8" fill="#4f46e5" />
  <path d="M8 10.5h16M8 16h10M8 21.5h13" stroke="#fff" stroke-width="2.6" stroke-linecap="round" />
</svg>
`;
