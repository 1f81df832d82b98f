namespace AkkaScale.Sharding.Entities;

/// <summary>What the machine may know of time, as of one step.</summary>
/// <param name="Now">Of this process's own monotonic clock.</param>
/// <param name="Wall">For what is stored.</param>
/// <param name="MayServe">Whether this process's own deadline has not passed: answers that no write proves may leave.</param>
internal readonly record struct EntityClock(TimeSpan Now, DateTimeOffset Wall, bool MayServe);
