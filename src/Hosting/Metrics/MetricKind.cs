namespace AkkaScale.Hosting.Metrics;

/// <summary>How the measurements of an instrument combine, and what Prometheus calls the result.</summary>
internal enum MetricKind
{
    /// <summary>A growing sum of what is added.</summary>
    Counter,

    /// <summary>A growing sum that its owner reports as a whole.</summary>
    ObservedCounter,

    /// <summary>A sum that may shrink.</summary>
    UpDownCounter,

    /// <summary>As <see cref="UpDownCounter"/>, reported as a whole.</summary>
    ObservedUpDownCounter,

    /// <summary>A value that means nothing when added up; the last one counts.</summary>
    Gauge,

    Histogram,
}
