import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const cli = join(import.meta.dirname, '../../src/cli.ts')

function pierhead(...args: readonly string[]): { readonly status: number | null; readonly out: string; err: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, ...args], { encoding: 'utf8', timeout: 60_000 })
  return { status, out: stdout, err: stderr }
}

const needed = ['--public-url', 'https://portal.example.edu', '--port', '8888'] as const

describe('pierhead', () => {
  it('tells its commands, and the options of each', () => {
    expect(pierhead()).toMatchObject({ status: 0, err: '', out: expect.stringContaining('pierhead proxy-config') })
    expect(pierhead('--help').out).toBe(pierhead().out)
    const { status, out } = pierhead('proxy-config', '--help')
    expect(status).toBe(0)
    for (const option of ['public-url', 'port', 'strip-prefix', 'layout', 'certificate', 'key', 'listen'])
      expect(out).toContain(`--${option} `)
  })

  it('knows no other command', () => {
    const err = 'pierhead: There is no command "login". See pierhead --help.\n'
    expect(pierhead('login')).toEqual({ status: 1, out: '', err })
  })
})

describe('pierhead proxy-config', () => {
  const url = '--public-url must be an https address with a host name, such as https://portal.example.edu.'
  const plain = '--public-url must have no user, query or fragment, and a plain path such as /portal or none.'
  const port = '--port must be the port of the application, 1 to 65535.'
  const file = '--certificate must be an absolute path of letters, digits and . _ + @ -.'
  const wrong: Record<string, readonly [args: readonly string[], words: string]> = {
    'no server': [needed, 'The server must be apache or nginx.'],
    'another server': [['caddy', ...needed], 'The server must be apache or nginx, not "caddy".'],
    'two servers': [['apache', 'nginx', ...needed], 'There is one argument too many: "nginx".'],
    'no address': [['nginx', '--port', '1'], url],
    'an address without TLS': [['nginx', '--public-url', 'http://a.example', '--port', '1'], url],
    'a host that is an IPv6 address': [['nginx', '--public-url', 'https://[::1]', '--port', '1'], url],
    'a query': [['nginx', '--public-url', 'https://a.example/?b', '--port', '1'], plain],
    'a path with a directive in it': [['nginx', '--public-url', 'https://a.example/b;c', '--port', '1'], plain],
    'a path that is encoded': [['apache', '--public-url', 'https://a.example/b%0Ac', '--port', '1'], plain],
    'no port': [['nginx', '--public-url', 'https://a.example'], port],
    'port 0': [['nginx', ...needed, '--port', '0'], port],
    'a port that is none': [['nginx', ...needed, '--port', '80;'], port],
    'one of several ports that is none': [['nginx', ...needed, '--port', '8889', '--port', 'x'], port],
    'several ports for Apache': [['apache', ...needed, '--port', '8889'], '--port may be repeated for nginx only.'],
    'another layout': [['apache', ...needed, '--layout', 'arch'], '--layout must be debian or rhel, not "arch".'],
    'a prefix that is not there': [
      ['apache', ...needed, '--strip-prefix'],
      '--strip-prefix needs a path in --public-url, such as https://www.example.edu/portal.',
    ],
    'half a certificate': [['apache', ...needed, '--key', '/a'], '--certificate and --key belong together.'],
    'a certificate with a line break': [['apache', ...needed, '--certificate', '/a\nb', '--key', '/c'], file],
    'an address with a word': [
      ['apache', ...needed, '--listen', 'localhost'],
      '--listen must be an address such as 127.0.0.1 or [::1].',
    ],
  }

  it.each(Object.entries(wrong))('refuses %s in stable words', (_, [args, words]) => {
    expect(pierhead('proxy-config', ...args)).toEqual({ status: 1, out: '', err: `pierhead: ${words}\n` })
  })

  it.each(['apache', 'nginx'])('sends plain http to https, for %s', (server) => {
    const { out } = pierhead('proxy-config', server, ...needed)
    expect(out).toMatch(/:80>|listen 80;/)
    expect(out).toMatch(/Redirect permanent "\/" "https:\/\/portal\.example\.edu\/"|return 301 https:\/\/portal/)
    expect(pierhead('proxy-config', server, ...needed, '--public-url', 'https://a.example:8443').out).not.toMatch(
      /:?80[>;]/,
    )
  })

  it.each([
    ['apache', 'debian', '/etc/apache2/sites-available/portal.example.edu.conf'],
    ['apache', 'rhel', '/etc/httpd/conf.d/portal.example.edu.conf'],
    ['nginx', 'debian', '/etc/nginx/sites-available/portal.example.edu,'],
    ['nginx', 'rhel', '/etc/nginx/conf.d/portal.example.edu.conf'],
  ])('names the files of %s on %s', (server, layout, place) => {
    const { out } = pierhead('proxy-config', server, ...needed, '--layout', layout)
    expect(out).toContain(`# Save as ${place}`)
    expect(out).toContain(
      layout === 'rhel' ? '/etc/pki/tls/certs/localhost.crt' : '/etc/ssl/certs/ssl-cert-snakeoil.pem',
    )
    expect(out.includes('setsebool')).toBe(layout === 'rhel')
    expect(out).not.toMatch(/undefined|\[object|[ \t]$|\n\n\n/m)
  })

  it('lets nginx pass a process over that is down, where there are several', () => {
    const { out } = pierhead('proxy-config', 'nginx', ...needed, '--port', '8889')
    expect(out).toContain('upstream portal_example_edu_443 {')
    expect(out.match(/server 127\.0\.0\.1:888[89] max_fails=0;/g)).toHaveLength(2)
    expect(out).toContain('proxy_pass http://portal_example_edu_443;')
    expect(out.match(/proxy_redirect http:\/\/127\.0\.0\.1:888[89]\/ https:\/\/portal\.example\.edu\/;/g)).toHaveLength(
      2,
    )
    expect(pierhead('proxy-config', 'nginx', ...needed).out).not.toMatch(/upstream|connect_timeout/)
  })
})
