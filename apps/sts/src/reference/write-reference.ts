import 'reflect-metadata';
import { writeFileSync } from 'node:fs';
import { makeReference, pageFile, schemaFile } from './reference.js';

// For `npm run reference`: after a change of the model's rules, defaults or comments.
const { schema, page } = await makeReference();
writeFileSync(schemaFile, schema);
writeFileSync(pageFile, page);
