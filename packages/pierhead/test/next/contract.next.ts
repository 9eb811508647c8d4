import { vi } from 'vitest'
import { describeAdapter } from '../contract/adapter.ts'
import { nextSite } from './next-site.ts'

vi.setConfig({ testTimeout: 60_000 })

describeAdapter('Next.js route handlers', nextSite)
