import type { ProxyConfigOptions } from './options.ts'

/** A virtual host for Apache 2.4.53 or newer. */
export function apacheConfig(options: ProxyConfigOptions): string {
  const { host, origin, publicPort, certificate, key } = options
  const address = options.listen ?? '*'
  return `# ${origin}${options.basePath}/ in front of ${options.targets[0]}, for Apache 2.4.53 or newer.
${instructions(options)}
${publicPort === 443 ? plainHost(options) : `Listen ${address === '*' ? '' : `${address}:`}${publicPort} https\n`}
<VirtualHost ${address}:${publicPort}>
  ServerName ${origin.includes(':', 6) ? origin : `${origin}:443`}
  # Redirects that Apache makes name this host, whatever the request says.
  UseCanonicalName On

  SSLEngine on
  SSLProtocol -all +TLSv1.2 +TLSv1.3
  SSLCertificateFile ${certificate}
  SSLCertificateKeyFile ${key}

  # The session's cookies and the application's own, and the address with which a login comes back. Apache takes these
  # two from the first virtual host of an address and port: repeat them there if this is not the first.
  LimitRequestFieldSize 16384
  LimitRequestLine 16384
  # Uploads of any size; they are passed on as they come.
  LimitRequestBody 0

  # Names with %2F and %25 arrive as they were sent (with nocanon below).
  AllowEncodedSlashes NoDecode

  # The application hears of the public host, and nothing that a stranger says about the way here.
  ProxyRequests Off
  ProxyPreserveHost On
  RequestHeader set Host "${new URL(origin).host}"
${forgeable.map((name) => `  RequestHeader unset ${name}\n`).join('')}  RequestHeader set X-Forwarded-Proto "https"
  RequestHeader set X-Forwarded-Port "${publicPort}"

${routes(options)}
  ErrorLog ${logs[options.layout]}/${host}-error.log
  CustomLog ${logs[options.layout]}/${host}-access.log "%h %t \\"%m %U %H\\" %>s %b"
</VirtualHost>
`
}

/** Apache writes the X-Forwarded ones anew. */
const forgeable = [
  'Forwarded',
  'X-Forwarded-For',
  'X-Forwarded-Host',
  'X-Forwarded-Server',
  'X-Forwarded-Prefix',
  'X-Real-IP',
]

const logs = { debian: '${APACHE_LOG_DIR}', rhel: '/var/log/httpd' } as const

function routes({ basePath, stripPrefix, targets, origin }: ProxyConfigOptions): string {
  const [target] = targets
  const parameters = 'nocanon timeout=3600 ttl=3'
  const inner = stripPrefix ? `${target}/` : `${target}${basePath}/`
  const bare = basePath === '' ? '' : `  RedirectMatch permanent "^${escapeDots(basePath)}$" "${origin}${basePath}/"\n`
  return `${bare}  # timeout: a stream may be silent for an hour. ttl: a connection that Node is about to close is not used again.
  ProxyPass "${basePath}/" "${inner}" ${parameters}
  ProxyPassReverse "${basePath}/" "${inner}"
`
}

function plainHost({ host, origin, listen }: ProxyConfigOptions): string {
  return `<VirtualHost ${listen ?? '*'}:80>
  ServerName ${host}
  Redirect permanent "/" "${origin}/"
</VirtualHost>
`
}

function instructions({ host, layout }: ProxyConfigOptions): string {
  if (layout === 'debian')
    return `# Save as /etc/apache2/sites-available/${host}.conf, then:
#   a2enmod ssl headers proxy proxy_http && a2ensite ${host}
#   apachectl configtest && systemctl restart apache2
`
  return `# Save as /etc/httpd/conf.d/${host}.conf (package mod_ssl), then:
#   setsebool -P httpd_can_network_connect on
#   apachectl configtest && systemctl reload httpd
`
}

function escapeDots(path: string): string {
  return path.replaceAll('.', '\\.')
}
