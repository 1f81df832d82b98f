namespace AkkaScale.Sharding.Timers;

/// <summary>With an ask: it is not a caller's command but a timer's.</summary>
/// <param name="Version">The sequence number at which the timer was set; another one than the entity knows is not current.</param>
internal sealed record TimerFiring(string Name, long Version);
