/** Descriptions of what only the file has, and of properties that their classes leave to their names. */
export const ownDescriptions: Readonly<Record<string, string>> = {
  'File.$schema': 'For editors: where this schema is, e.g. `./sts.schema.json`. The server does not read it.',
  'File.issuer':
    'The name of the server in every token, exactly as clients compare it: an https URL without query and fragment. A path in it is served, too. STS_ISSUER takes its place.',
  'File.profile': 'The set of rules that clients are held to which name no other.',
  'File.signingAlgorithms': 'The algorithms to keep signing keys for; the first signs where nobody asks for another.',
  'File.endpoints': 'The protocol endpoints, to switch some off: a switched-off endpoint leaves discovery, too.',
  'File.identityResources':
    'What clients may learn about people: names of ready-made identity resources, or objects that describe your own.',
  'File.keys': 'How signing keys are renewed.',
  'File.sessions': 'How long people stay signed in.',
  'File.authenticationLevels':
    'The values of `acr`, from the weakest to the strongest level of authentication, and what a sign-in must have used to reach each.',
  'File.mtls': 'Where the certificates of clients are read (RFC 8705). None: nowhere.',
  'File.dpop': 'What is asked of DPoP proofs, with which clients bind tokens to a key of theirs (RFC 9449).',
  'File.outgoing': 'What requests of the server itself may do: telling clients that somebody signed out.',
  'File.trustedIssuers':
    'Other servers whose JWTs count here: as assertions about people (RFC 7523 §2.1), and to be exchanged (RFC 8693).',
  'File.requirePushedAuthorization':
    'Whether every client must push its authorize requests (RFC 9126 §5), not only those that say so themselves.',
  'File.registration': 'Whether and how clients register themselves: RFC 7591.',
  'File.clientIdMetadataDocuments':
    'Clients whose id is the https address of a document that says what they are: draft-ietf-oauth-client-id-metadata-document.',
  'File.pages': 'How the pages look and what they say.',
  'File.apiScopes': 'What clients may do at APIs.',
  'File.apiResources': 'The APIs that tokens are meant for.',
  'File.authorizationDetailTypes':
    'The permissions that clients may ask for with their details, a payment for instance (RFC 9396).',
  'File.clients': 'The applications that may ask for tokens.',
  'File.users': 'The people who can sign in.',
  'Endpoints.authorize': '`/connect/authorize`: RFC 6749 §3.1, OpenID Connect Core §3.1.2.',
  'Endpoints.endSession': '`/connect/endsession`: OpenID Connect RP-Initiated Logout §2.',
  'Endpoints.checkSession': '`/connect/checksession`: OpenID Connect Session Management §3.2.',
  'Endpoints.deviceAuthorization': '`/connect/deviceauthorization`: RFC 8628 §3.1.',
  'Endpoints.backchannelAuthentication': '`/connect/ciba`: OpenID Connect CIBA Core §7.',
  'Endpoints.pushedAuthorization': '`/connect/par`: RFC 9126 §2.',
  'Endpoints.token': '`/connect/token`: RFC 6749 §3.2.',
  'Endpoints.userinfo': '`/connect/userinfo`: OpenID Connect Core §5.3.',
  'Endpoints.introspection': '`/connect/introspect`: RFC 7662.',
  'Endpoints.revocation': '`/connect/revocation`: RFC 7009.',
  'Endpoints.registration':
    '`/connect/register`: RFC 7591, RFC 7592. Where it is on, `registration` says who may register.',
  'Endpoints.discovery': '`/.well-known/openid-configuration` and `/.well-known/oauth-authorization-server`: RFC 8414.',
  'Endpoints.jwks': '`/.well-known/openid-configuration/jwks`: RFC 7517.',
  'User.password':
    'The password itself, for demonstrations: it is hashed at the start. Either this or `passwordHash`; with neither the person cannot sign in with a password.',
  'Secret.sha256': 'The base64 of the SHA-256 of the secret.',
  'Secret.sha512': 'The base64 of the SHA-512 of the secret.',
  'Secret.plain': 'The secret itself. Only its SHA-256 is kept.',
  'Secret.env': 'The name of an environment variable that holds the secret.',
  'Secret.file': 'The path of a file that holds the secret; one line end at its end does not count.',
  'Secret.description': 'For people: what the secret is for, where it is used.',
  'Secret.expiration':
    'When the secret stops working: a date (`2027-01-31`, `2027-01-31T12:00:00Z`) or seconds since 1970. None: it does not end.',
};

/** The same words for the same property in every class. */
export const sharedDescriptions: Readonly<Record<string, string>> = {
  displayName: 'Shown to people.',
  description: 'Shown to people who want to know more.',
  showInDiscoveryDocument: 'Whether discovery lists it among the scopes.',
  properties: 'Anything else an extension wants to keep with it.',
};
