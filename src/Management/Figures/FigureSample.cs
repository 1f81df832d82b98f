namespace AkkaScale.Management.Figures;

/// <summary>Counts since the process started, as they were at one moment.</summary>
/// <param name="At">On the monotonic clock.</param>
/// <param name="Asks">By latency bucket, as are <paramref name="Appends"/>.</param>
/// <param name="Messages">That entities here were given.</param>
internal sealed record FigureSample(
    TimeSpan At, long[] Asks, long FailedAsks, long Messages, long[] Appends, long AppendedEvents, long FailedSlices, TimeSpan Processor, TimeSpan Pause);
