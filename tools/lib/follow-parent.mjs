// Preloaded into every process that the tooling starts: when the parent goes, however it went, its end of the channel
// closes and this process ends too. Without it a killed `npm start` would leave servers on their ports.
if (process.channel) {
  process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'))
  process.channel.unref()
}
