const { createHash } = require('node:crypto');
const { join } = require('node:path');

/** Where compiled tests and sources are kept between runs. */
const compiledFolder = join(__dirname, '../../node_modules/.cache/tests');

/** The source map of a source file as it was compiled last. */
const sourceMapOf = (path) => join(compiledFolder, `${createHash('sha256').update(path).digest('hex')}.map`);

module.exports = { compiledFolder, sourceMapOf };
