// Script and style of the page: browser/page.ts and style/page.css, each as one text. The build puts them here, and so does
// vitest.config.ts.

export const PAGE_SCRIPT: string = '';
export const PAGE_STYLE: string = '';
