// Figures of the last minutes, kept in this page only.

const LENGTH = 6 * 60_000;

/** A sample: { at, nodes: { name: report figures }, … } or a gap. */
export class History extends EventTarget {
  samples = [];

  add(members, nodes) {
    const sample = { at: Date.now(), asks: {}, events: {}, failed: 0, askP50: null, askP99: null, appendP50: null, appendP99: null };
    const traffic = [], appends = [];
    for (const { name, report } of nodes) {
      if (!report) continue;
      if (report.traffic) {
        sample.asks[name] = report.traffic.asksPerSecond;
        sample.failed += report.traffic.failedPerSecond;
        traffic.push({ ...report.traffic, weight: report.traffic.asksPerSecond });
      }
      if (report.appends) {
        sample.events[name] = report.appends.eventsPerSecond;
        appends.push({ ...report.appends, weight: report.appends.perSecond });
      }
    }
    sample.askP50 = middle(traffic);
    sample.askP99 = worst(traffic);
    sample.appendP50 = middle(appends);
    sample.appendP99 = worst(appends);
    this.#push(sample);
  }

  /** Nothing could be asked: the lines must not run on as if nothing had happened. */
  gap() {
    if (this.samples.length > 0) this.#push({ at: Date.now(), isGap: true });
  }

  #push(sample) {
    this.samples.push(sample);
    while (this.samples[0].at < sample.at - LENGTH) this.samples.shift();
    this.dispatchEvent(new Event('change'));
  }
}

// Quantiles of several nodes cannot be joined into one. So the median is the mean of the nodes' medians, by how much each did, and the 99th that of the worst node.
function middle(figures) {
  const known = figures.filter(figure => figure.p50Seconds !== null && figure.weight > 0);
  const weight = known.reduce((sum, figure) => sum + figure.weight, 0);
  return weight > 0 ? known.reduce((sum, figure) => sum + figure.p50Seconds * figure.weight, 0) / weight : null;
}

function worst(figures) {
  const known = figures.map(figure => figure.p99Seconds).filter(seconds => seconds !== null);
  return known.length > 0 ? Math.max(...known) : null;
}
