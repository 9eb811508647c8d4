import type { ProxyConfigOptions } from './options.ts'

/** A server of nginx 1.18 or newer. */
export function nginxConfig(options: ProxyConfigOptions): string {
  const { host, origin, publicPort, basePath, certificate, key } = options
  return `# ${origin}${basePath}/ in front of ${options.targets.join(', ')}, for nginx 1.18 or newer.
${instructions(options)}${publicPort === 443 ? plainServer(options) : ''}${processes(options)}
server {
${listen(options, publicPort, ' ssl')}
  server_name ${host};

  ssl_certificate ${certificate};
  ssl_certificate_key ${key};
  ssl_protocols TLSv1.2 TLSv1.3;

  # The session's cookies and the application's own, and the address with which a login comes back.
  large_client_header_buffers 4 16k;
  # Uploads of any size.
  client_max_body_size 0;

${bare(options)}  location ${basePath}/ {
${pass(options)}
    proxy_http_version 1.1;

    # Uploads, downloads and event streams are passed on as they come. Answers may set several cookies of 4 kB.
    proxy_request_buffering off;
    proxy_buffering off;
    proxy_buffer_size 16k;
    proxy_buffers 8 16k;
    # A stream may be silent for an hour.
    proxy_read_timeout 1h;
    proxy_send_timeout 1h;

    # The application hears of the public host, and nothing that a stranger says about the way here.
    proxy_set_header Host ${new URL(origin).host};
    proxy_set_header Connection "";
    proxy_set_header Forwarded "";
    proxy_set_header X-Forwarded-For $remote_addr;
    proxy_set_header X-Forwarded-Host ${new URL(origin).host};
    proxy_set_header X-Forwarded-Port ${publicPort};
    proxy_set_header X-Forwarded-Prefix "";
    proxy_set_header X-Forwarded-Proto https;
    proxy_set_header X-Forwarded-Server "";
    proxy_set_header X-Real-IP "";
  }
${basePath === '' ? '' : '\n  location / {\n    return 404;\n  }\n'}}
`
}

/** Without a path of its own proxy_pass hands the request's on as it came; with one, nginx would decode and encode it anew. */
function pass(options: ProxyConfigOptions): string {
  const { basePath, stripPrefix, targets, origin } = options
  const target = targets.length === 1 ? targets[0] : `http://${groupOf(options)}`
  const inner = stripPrefix ? '/' : `${basePath}/`
  const redirects = targets.map((each) => `    proxy_redirect ${each}${inner} ${origin}${basePath}/;`).join('\n')
  if (!stripPrefix) {
    return `    # No path after the port: names with %2F and %25 arrive as they were sent.
    proxy_pass ${target};
${redirects}${nextProcess(options)}`
  }
  return `    # Cut from the address as it came: names with %2F and %25 arrive as they were sent.
    if ($request_uri !~ "^${basePath.replaceAll('.', '\\.')}(?<inner_uri>/.*)$") {
      return 404;
    }
    proxy_pass ${target}$inner_uri;
${redirects}${nextProcess(options)}`
}

/** All processes are on this machine: one that is down refuses at once, so none needs to be left out for a while. */
function processes(options: ProxyConfigOptions): string {
  if (options.targets.length === 1) return ''
  const servers = options.targets.map((each) => `  server ${new URL(each).host} max_fails=0;\n`).join('')
  return `
# Each request may go to any process: they share their sessions.
upstream ${groupOf(options)} {
${servers}}
`
}

function nextProcess({ targets }: ProxyConfigOptions): string {
  if (targets.length === 1) return ''
  return `
    # From a process that is down to the next one; a POST only if nothing of it was sent yet.
    proxy_next_upstream error timeout;
    proxy_connect_timeout 2s;`
}

/** Another host's upstream may stand in the same nginx. */
function groupOf({ host, publicPort }: ProxyConfigOptions): string {
  return `${host.replaceAll('.', '_')}_${publicPort}`
}

function bare({ basePath, origin }: ProxyConfigOptions): string {
  if (basePath === '') return ''
  return `  location = ${basePath} {
    return 301 ${origin}${basePath}/$is_args$args;
  }

`
}

function listen({ listen: address }: ProxyConfigOptions, port: number, suffix: string): string {
  const places = address === undefined ? [`${port}`, `[::]:${port}`] : [`${address}:${port}`]
  return places.map((place) => `  listen ${place}${suffix};`).join('\n')
}

function plainServer(options: ProxyConfigOptions): string {
  return `
server {
${listen(options, 80, '')}
  server_name ${options.host};
  return 301 ${options.origin}$request_uri;
}
`
}

function instructions({ host, layout }: ProxyConfigOptions): string {
  if (layout === 'debian')
    return `# Save as /etc/nginx/sites-available/${host}, then:
#   ln -s ../sites-available/${host} /etc/nginx/sites-enabled/
#   nginx -t && systemctl reload nginx
`
  return `# Save as /etc/nginx/conf.d/${host}.conf, then:
#   setsebool -P httpd_can_network_connect on
#   nginx -t && systemctl reload nginx
`
}
