import type { AdapterKind } from './adapter-server.ts'
import type { AdapterRates } from './adapters.ts'
import { budgets } from './budgets.ts'
import type { Table } from './report.ts'
import { median, ratioOfRounds, type Ratio } from './statistics.ts'

const names = { express: 'Express 5', fastify: 'Fastify 5', hono: 'Hono 4', node: '`node:http`' } as const

const kinds: Record<AdapterKind, string> = {
  alone: 'alone',
  kit: 'cookie sessions, remembered',
  'kit-fresh': 'cookie sessions, nothing remembered',
  'express-openid-connect': 'express-openid-connect 3.4',
  'auth-js': '@auth/express 0.12',
}

/** Each page as a share of the framework's own, and the kit's rate in Express as a multiple of its peers'. */
export function adaptersTable(measured: readonly AdapterRates[]): Table {
  const found = new Map<string, Ratio>()
  const lines = measured.flatMap(({ framework, rates }) => {
    const ofKind = (wanted: AdapterKind) => rates.find(({ kind }) => kind === wanted)?.ofProcessor ?? []
    return rates.map(({ kind, ofProcessor }) => {
      const isPeer = kind === 'express-openid-connect' || kind === 'auth-js'
      const id = isPeer ? `adapter/${kind}` : `adapter/${framework}-${kind}`
      const share = ratioOfRounds(ofProcessor, ofKind('alone'))
      const multiple = isPeer ? ratioOfRounds(ofKind('kit'), ofProcessor) : undefined
      const counted = multiple ?? share
      found.set(id, counted)
      const promised = budgets.find((budget) => budget.id === id)?.atLeast
      return [
        names[framework],
        kinds[kind],
        (1_000_000 / median(ofProcessor)).toFixed(1),
        share.median.toFixed(2),
        multiple?.median.toFixed(1) ?? '',
        `${Math.round(counted.spread * 100)} %`,
        promised === undefined ? '' : `≥ ${promised}`,
      ]
    })
  })
  const head = ['', '', 'µs each', 'this ÷ alone', 'kit remembered ÷ this', 'spread', 'budget']
  const rule = ['---', '---', '---:', '---:', '---:', '---:', '---:']
  return {
    title: 'The same page in each framework: same bytes, another session each time',
    markdown: [head, rule, ...lines].map((cells) => `| ${cells.join(' | ')} |`).join('\n'),
    measured: found,
  }
}
