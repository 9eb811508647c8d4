import { describeAdapter } from '../contract/adapter.ts'
import { nextSite } from './next-site.ts'

describeAdapter('Next.js route handlers', nextSite)
