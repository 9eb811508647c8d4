// Loaded before the portal: its clocks go ahead when the test says so, as if time had passed.
const now = Date.now.bind(Date)
const monotonic = performance.now.bind(performance)
let ahead = Number(process.env['AHEAD'] ?? 0)
Date.now = () => now() + ahead
performance.now = () => monotonic() + ahead

process.on('message', (milliseconds) => {
  ahead = Number(milliseconds)
  process.send?.('shifted')
})
// The test's wire alone keeps no process running.
process.channel?.unref()
