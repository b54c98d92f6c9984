// The floor for documents: Fastify alone, returning a constant.
import { fastify } from 'fastify';
import { readFixture } from '../fixture.js';
import { constant, contentType } from './constant.js';
import { endWithParent } from './end.js';

endWithParent();
const app = fastify({ logger: false });
app.get('/', (_request, reply) => reply.header('Content-Type', contentType).send(constant));
await app.listen({ port: readFixture().port, host: '127.0.0.1' });
