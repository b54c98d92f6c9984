export { LiquidPages } from './liquid.pages.js';
export { type PagesAsyncOptions, PagesModule, type PagesExtensions } from './pages.module.js';
export { type DemoData, PagesOptions } from './pages.options.js';
export { type PagesFindings, resolvePages } from './resolve-pages.js';
