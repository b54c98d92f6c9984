export { createSecuredDocument, type SecuredDocumentOptions } from './secured-document.js';
