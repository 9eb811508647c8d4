import type { NextConfig } from 'next'

const config: NextConfig = {
  poweredByHeader: false,
  // Else Next looks for the lock file of a repository around it.
  turbopack: { root: import.meta.dirname },
}

export default config
