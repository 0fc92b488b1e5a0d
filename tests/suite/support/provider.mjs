// A real identity provider (oidc-provider from npm) for the tests, on loopback, with two doors of its own:
//   /check   what a gateway asks: 204 for a good access token, 401 else. A token ends after LIMIT uses, so that it ends in
//            the middle of whatever it is used for.
//   /grants  how often each grant was used.
import { pathToFileURL } from 'node:url';

const [modules, port, limit] = process.argv.slice(2);
const { default: Provider } = await import(pathToFileURL(`${modules}/oidc-provider/lib/index.js`));

const provider = new Provider(`http://127.0.0.1:${port}`, {
  clients: [{
    client_id: 'dokuei',
    application_type: 'native',
    token_endpoint_auth_method: 'none',
    redirect_uris: ['http://127.0.0.1/callback'],
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
  }],
  pkce: { required: () => true },
  scopes: ['openid', 'offline_access'],
  features: { devInteractions: { enabled: true } },
  rotateRefreshToken: true,
  cookies: { keys: ['only for tests'] },
});

const uses = new Map();
const grants = {};
provider.on('grant.success', (ctx) => {
  const grant = ctx.oidc.params.grant_type;
  grants[grant] = (grants[grant] ?? 0) + 1;
});

provider.use(async (ctx, next) => {
  if (ctx.path === '/grants') {
    ctx.body = grants;
    return;
  }
  if (ctx.path !== '/check') {
    await next();
    return;
  }
  const token = await provider.AccessToken.find(ctx.get('authorization').replace(/^Bearer /, ''));
  if (!token) {
    ctx.status = 401;
    return;
  }
  const used = (uses.get(token.jti) ?? 0) + 1;
  uses.set(token.jti, used);
  if (used >= Number(limit)) {
    await token.destroy();
  }
  ctx.status = 204;
});

provider.listen(Number(port), '127.0.0.1', () => console.log('listening'));
