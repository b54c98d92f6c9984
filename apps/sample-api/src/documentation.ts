import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { createSecuredDocument } from '@tessera/jwt-guard/swagger';
import type { Trust } from './guard-options.js';

/** What routes there are, and what each asks of its caller: read from their decorators. `issuer`: where people sign in. */
export function describeApi(app: INestApplication, issuer: string): OpenAPIObject {
  const description = new DocumentBuilder()
    .setTitle('My API')
    .setDescription('The sample of an API behind the guard of Tessera: orders, which callers place, see and cancel.')
    .setVersion('1')
    .addOAuth2(
      {
        type: 'oauth2',
        description: 'Sign in. This page is a client without a secret.',
        flows: {
          authorizationCode: {
            authorizationUrl: `${issuer}/connect/authorize`,
            tokenUrl: `${issuer}/connect/token`,
            scopes: { api1: 'All of it', 'orders.read': 'See orders', 'orders.write': 'Place and cancel orders' },
          },
        },
      },
      'signIn',
    )
    .build();
  return createSecuredDocument(app, description, { securitySchemes: ['signIn'] });
}

/** The page /docs, and the document at /docs-json: made when somebody looks for the first time, so that the start does not wait for it. */
export function serveDocumentation(app: INestApplication, { issuer, url }: Pick<Trust, 'issuer' | 'url'>): void {
  SwaggerModule.setup('docs', app, () => describeApi(app, issuer), {
    customSiteTitle: 'My API',
    swaggerOptions: {
      ...(url !== undefined && { oauth2RedirectUrl: `${url}/docs/oauth2-redirect.html` }),
      // A client of the demonstration without a secret: this page signs people in by PKCE (RFC 7636).
      initOAuth: { clientId: 'docs_client', scopes: ['api1'], usePkceWithAuthorizationCodeGrant: true },
    },
  });
}
