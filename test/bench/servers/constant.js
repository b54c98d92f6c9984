/** A JSON text of about the size of a discovery document or a small key set. */
export const constant = JSON.stringify({ constant: 'x'.repeat(1000) });
export const contentType = 'application/json; charset=utf-8';
