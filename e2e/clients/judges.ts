import { groupsSearchJudges } from './groups-search-judges.ts'

/** A program that uses one client as its documentation says, and the features it reports on. */
export interface Judge {
  /** The client, as the table names it. */
  readonly client: string
  /** `venv` has the packages of python/requirements.txt, `debian` Debian's; `chromium` and `apache` are Node beside those programs. */
  readonly runtime: 'venv' | 'debian' | 'node' | 'chromium' | 'apache'
  readonly program: string
  /** Cells that must pass. */
  readonly required: readonly string[]
  /** Cells that meet a 501 today, and what is missing. One that works fails the run until it moves to `required`. */
  readonly notImitated?: Readonly<Record<string, string>>
}

/** Every cell of client × feature. A cell that did not run fails, and so does one that nobody lists. */
export const judges: readonly Judge[] = [
  {
    client: 'globus-sdk NativeAppAuthClient',
    runtime: 'venv',
    program: 'python/globus_sdk_native.py',
    required: [
      'login',
      'pkce',
      'id token',
      'userinfo',
      'refresh',
      'identities',
      'consents',
      'step-up',
      'second factor',
      'revoke',
    ],
  },
  {
    client: 'globus-sdk ConfidentialAppAuthClient',
    runtime: 'venv',
    program: 'python/globus_sdk_confidential.py',
    required: [
      'login',
      'denied',
      'id token',
      'validate',
      'introspect',
      'refresh',
      'identities',
      'client credentials',
      'dependent tokens',
      'consent error',
      'revoke',
      'wrong secret',
      'logout page',
    ],
  },
  {
    client: 'globus-sdk UserApp, ClientApp',
    runtime: 'venv',
    program: 'python/globus_app.py',
    required: ['login', 'stored tokens', 'session', 'logout', 'consents', 'local server', 'client app'],
  },
  {
    client: 'globus-cli',
    runtime: 'venv',
    program: 'python/globus_cli.py',
    required: [
      'login',
      'whoami',
      'linked identities',
      'session show',
      'session update',
      'session consent',
      'get-identities',
      'logout',
      'client login',
    ],
  },
  {
    client: 'globus-cli, collections',
    runtime: 'venv',
    program: 'python/globus_cli_collections.py',
    required: [
      'login',
      'collection list',
      'collection show',
      'collection create guest',
      'share and list',
      'collection update',
      'collection role list',
      'collection delete',
      'gcs endpoint show',
      'gcs endpoint update',
      'gcs endpoint role',
    ],
  },
  {
    client: 'globus-sdk GCSClient',
    runtime: 'venv',
    program: 'python/gcs_manager.py',
    required: [
      'login',
      'info',
      'list collections',
      'create guest',
      'share and read',
      'update',
      'roles',
      'storage gateways',
      'errors',
      'delete',
    ],
  },
  {
    client: 'globus-sdk GCSDownloader',
    runtime: 'venv',
    program: 'python/gcs_downloader.py',
    required: ['private file', 'odd names', 'large file', 'guest collection', 'missing file'],
  },
  {
    client: 'Tornado OAuth2Mixin (tutorial 1)',
    runtime: 'venv',
    program: 'python/tornado_app.py',
    required: ['login', 'userinfo', 'refresh', 'logout'],
  },
  {
    client: 'Flask and globus-sdk (tutorial 2)',
    runtime: 'venv',
    program: 'python/flask_app.py',
    required: ['login', 'logout', 'revoke'],
  },
  {
    client: 'social-auth-core (PyPI)',
    runtime: 'venv',
    program: 'python/social_auth.py',
    required: ['login', 'id token', 'userinfo', 'refresh'],
  },
  {
    client: 'social-auth-core (Debian)',
    runtime: 'debian',
    program: 'python/social_auth.py',
    required: ['login', 'id token', 'userinfo', 'refresh'],
  },
  {
    client: '@globus/sdk',
    runtime: 'node',
    program: 'node/globus-sdk.ts',
    required: ['login', 'pkce', 'refresh', 'identities', 'validate', 'introspect', 'revoke'],
  },
  {
    client: '@globus/sdk in Chromium',
    runtime: 'chromium',
    program: 'node/sdk-in-browser.ts',
    required: ['login', 'id token', 'refresh', 'revoke'],
  },
  {
    client: 'openid-client',
    runtime: 'node',
    program: 'node/openid-client.ts',
    required: ['login', 'pkce', 'id token', 'userinfo', 'refresh', 'denied', 'silent login', 'revoke'],
  },
  {
    client: 'oauth4webapi',
    runtime: 'node',
    program: 'node/oauth4webapi.ts',
    required: ['login', 'pkce', 'id token', 'userinfo', 'refresh', 'introspect', 'revoke'],
  },
  {
    client: 'mod_auth_openidc (Debian)',
    runtime: 'apache',
    program: 'node/mod-auth-openidc.ts',
    required: ['login', 'userinfo', 'refresh', 'logout'],
  },
  {
    client: '@auth/core',
    runtime: 'node',
    program: 'node/auth-core.ts',
    required: ['login', 'userinfo', 'refresh', 'logout'],
  },
  ...groupsSearchJudges,
]
