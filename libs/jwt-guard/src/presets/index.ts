export { auth0, type Auth0Preset } from './auth0.js';
export { cognito, type CognitoPreset } from './cognito.js';
export { entraId, entraIdTenants, type EntraIdPreset, type EntraIdTenantsPreset } from './entra-id.js';
export { google, type GooglePreset } from './google.js';
export { keycloak, type KeycloakPreset } from './keycloak.js';
export { okta, type OktaPreset } from './okta.js';
