namespace AkkaScale.Pbm.Load.Replay;

/// <param name="Deadline">Of one command over all its attempts.</param>
/// <param name="AttemptTimeout">Of one attempt; then the next gateway is asked.</param>
public sealed record RetryOptions(TimeSpan Deadline, TimeSpan AttemptTimeout)
{
    public TimeSpan FirstBackoff { get; init; } = TimeSpan.FromMilliseconds(20);

    public TimeSpan LongestBackoff { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>A gateway that asks for more is not waited for longer.</summary>
    public TimeSpan LongestRetryAfter { get; init; } = TimeSpan.FromSeconds(5);
}
