namespace AkkaScale.Sharding.Entities;

/// <summary>A timer that a state wants set. Each state names all of its timers; one that it no longer names is cancelled.</summary>
/// <param name="Name">1 to 128 characters of the basic plane, none of them a control character; unique within its entity.</param>
/// <param name="Due">Compared with the store's wall clock, in microseconds.</param>
public readonly record struct EntityTimer(string Name, DateTimeOffset Due);
