/** A source over plain arrays. */
export function sourceOf(streams) {
  const rowsOf = (stream) => streams[stream] ?? [];
  return {
    count: (stream) => rowsOf(stream).length,
    rows: async (stream, from, to) => rowsOf(stream).slice(from, to),
    async before(stream, ms) {
      const first = rowsOf(stream).findIndex((row) => row.time !== undefined && row.time >= ms);
      return first < 0 ? rowsOf(stream).length : first;
    },
  };
}
