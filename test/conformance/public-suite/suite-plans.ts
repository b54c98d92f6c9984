/** A plan of the suite, with one choice of its variants, and the files that belong to it. */
export interface SuitePlan {
  /** Of its configuration, and of its clients where these are configured. */
  readonly name: string;
  readonly plan: string;
  readonly variant: Readonly<Record<string, string>>;
  /** The templates of the configuration and of the server. */
  readonly template: 'fapi.plan.json' | 'ciba.plan.json' | 'dynamic.plan.json';
  readonly server: 'fapi.sts.yaml' | 'openid.sts.yaml';
}

const ways = [
  ['private_key_jwt', 'dpop'],
  ['private_key_jwt', 'mtls'],
  ['mtls', 'mtls'],
  ['mtls', 'dpop'],
] as const;

const fapi = { fapi_profile: 'plain_fapi', openid: 'openid_connect', authorization_request_type: 'simple' };
const signed = { fapi_request_method: 'signed_non_repudiation', fapi_response_mode: 'jarm' };

function fapiPlan(kind: 'sp' | 'ms', [auth, binding]: (typeof ways)[number]): SuitePlan {
  return {
    name: `${kind}-${auth}-${binding}`,
    plan: kind === 'sp' ? 'fapi2-security-profile-final-test-plan' : 'fapi2-message-signing-final-test-plan',
    variant: { ...fapi, client_auth_type: auth, sender_constrain: binding, ...(kind === 'ms' && signed) },
    template: 'fapi.plan.json',
    server: 'fapi.sts.yaml',
  };
}

/** The suite has tokens bound to certificates in all variants of it. */
function cibaPlan(auth: string, mode: string): SuitePlan {
  return {
    name: `ciba-${auth}-${mode}`,
    plan: 'fapi-ciba-id1-test-plan',
    variant: {
      client_auth_type: auth,
      fapi_ciba_profile: 'plain_fapi',
      ciba_mode: mode,
      client_registration: 'static_client',
    },
    template: 'ciba.plan.json',
    server: 'fapi.sts.yaml',
  };
}

function dynamicPlan(name: string, plan: string): SuitePlan {
  return { name, plan, variant: { response_type: 'code' }, template: 'dynamic.plan.json', server: 'openid.sts.yaml' };
}

export const suitePlans: readonly SuitePlan[] = [
  ...ways.map((way) => fapiPlan('sp', way)),
  ...ways.map((way) => fapiPlan('ms', way)),
  ...['private_key_jwt', 'mtls'].flatMap((auth) => ['poll', 'ping'].map((mode) => cibaPlan(auth, mode))),
  dynamicPlan('dynamic', 'oidcc-dynamic-certification-test-plan'),
  dynamicPlan('third-party-initiated-login', 'oidcc-3rdparty-init-login-certification-test-plan'),
];
