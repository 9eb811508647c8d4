import type { LoginEvent } from 'pierhead'

/** Counts for a monitoring system, as Prometheus reads them (text format 0.0.4). */
export interface Metrics {
  /** A request was answered. `route` is a pattern, never an address: strangers choose those. */
  request(of: {
    readonly route: string
    readonly method: string
    readonly status: number
    readonly seconds: number
  }): void
  event(event: LoginEvent): void
  /** Requests that are being answered now: the caller says when one begins and when it ends. */
  inFlight: number
  write(): string
}

/** Seconds. */
const buckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]

interface Durations {
  readonly counts: number[]
  sum: number
  count: number
}

const methods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'DELETE'])

export function createMetrics(): Metrics {
  const requests = new Map<string, number>()
  const durations = new Map<string, Durations>()
  const events = new Map<string, number>()
  return {
    inFlight: 0,
    request({ method, route, seconds, status }) {
      // Anybody may send any method.
      const verb = methods.has(method) ? method : 'other'
      raise(requests, labels({ method: verb, route, status: String(status) }))
      const held = durations.get(route) ?? { counts: buckets.map(() => 0), sum: 0, count: 0 }
      durations.set(route, held)
      held.sum += seconds
      held.count += 1
      for (const [index, limit] of buckets.entries())
        if (seconds <= limit) held.counts[index] = (held.counts[index] ?? 0) + 1
    },
    event: ({ code = '', event }) => raise(events, labels({ event, code })),
    write() {
      return [
        ...family('portal_requests_total', 'counter', 'Requests that were answered.', [...requests]),
        ...histogram(durations),
        ...family('portal_requests_in_flight', 'gauge', 'Requests that are being answered.', [['', this.inFlight]]),
        ...family('portal_login_events_total', 'counter', 'Events of login and sessions.', [...events]),
        ...processFamilies(),
        '',
      ].join('\n')
    },
  }
}

type Sample = readonly [labels: string, value: number]

function family(name: string, type: 'counter' | 'gauge', help: string, samples: readonly Sample[]): string[] {
  return [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`, ...samples.map(([of, value]) => `${name}${of} ${value}`)]
}

function histogram(durations: ReadonlyMap<string, Durations>): string[] {
  const name = 'portal_request_duration_seconds'
  const lines = [...durations].flatMap(([route, { count, counts, sum }]) => [
    ...buckets.map((limit, index) => `${name}_bucket${labels({ route, le: String(limit) })} ${counts[index] ?? 0}`),
    `${name}_bucket${labels({ route, le: '+Inf' })} ${count}`,
    `${name}_sum${labels({ route })} ${sum}`,
    `${name}_count${labels({ route })} ${count}`,
  ])
  return [`# HELP ${name} Time until the headers of an answer.`, `# TYPE ${name} histogram`, ...lines]
}

/** Under the names that dashboards expect. */
function processFamilies(): string[] {
  const { heapUsed, rss } = process.memoryUsage()
  const { system, user } = process.cpuUsage()
  const started = Date.now() / 1000 - process.uptime()
  return [
    ...family('process_resident_memory_bytes', 'gauge', 'Memory in use.', [['', rss]]),
    ...family('nodejs_heap_size_used_bytes', 'gauge', 'Memory of JavaScript objects.', [['', heapUsed]]),
    ...family('process_cpu_seconds_total', 'counter', 'Processor time.', [['', (user + system) / 1e6]]),
    ...family('process_start_time_seconds', 'gauge', 'When the portal was started.', [['', started]]),
  ]
}

function raise(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1)
}

function labels(values: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(values).map(([name, value]) => `${name}="${value.replaceAll(/[\\"\n]/g, escapeLabel)}"`)
  return `{${pairs.join(',')}}`
}

function escapeLabel(character: string): string {
  return character === '\n' ? String.raw`\n` : `\\${character}`
}
