using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace AkkaScale.Gateway.Observability;

/// <summary>Counts and times requests, by route template and code: neither grows with what clients make up.</summary>
internal sealed class GatewayMetrics : IDisposable
{
    public const string MeterName = "AkkaScale.Gateway";
    public const string NoRoute = "none";

    private static readonly double[] DurationBuckets =
        [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

    private readonly Meter _meter;
    private readonly Counter<long> _requests;
    private readonly Histogram<double> _duration;

    public GatewayMetrics(IMeterFactory meters)
    {
        _meter = meters.Create(MeterName);
        _requests = _meter.CreateCounter<long>("akkascale.gateway.requests", "{request}", "Requests answered, by route, method, status and problem code.");
        _duration = _meter.CreateHistogram<double>(
            "akkascale.gateway.request.duration",
            "s",
            "From the request's header to the end of its answer.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = DurationBuckets });
    }

    /// <param name="route">The template, or <see cref="NoRoute"/>.</param>
    /// <param name="code">Of the problem; empty for a success.</param>
    public void Answered(string route, string method, int status, string code, TimeSpan duration)
    {
        var tags = new TagList { { "route", route }, { "method", KnownMethod(method) }, { "status", status } };
        _duration.Record(duration.TotalSeconds, tags);
        tags.Add("code", code);
        _requests.Add(1, tags);
    }

    public void Dispose() => _meter.Dispose();

    private static string KnownMethod(string method) => method switch
    {
        "GET" or "HEAD" or "PUT" or "POST" or "DELETE" or "OPTIONS" or "PATCH" or "TRACE" or "CONNECT" => method,
        _ => "other",
    };
}
