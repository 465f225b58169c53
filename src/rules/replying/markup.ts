// The renderer has no I/O and is shared with the checks of an answer (`src/ai`), which look at what comes out of it.
export { toHtml, toPlainText } from '../../hubspot/markup.ts';
