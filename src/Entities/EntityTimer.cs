namespace AkkaScale.Entities;

/// <summary>A timer that a state wants set. Each state names all of its timers; one that it no longer names is cancelled.</summary>
/// <param name="Name">1 to 128 characters of the basic plane, none of them a control character; unique within its entity.</param>
/// <param name="Due">Compared with the store's wall clock, in microseconds.</param>
public readonly record struct EntityTimer(string Name, DateTimeOffset Due)
{
    private const int MaxNameLength = 128;

    /// <summary>Names checked, times as the store keeps them: otherwise memory and recovery would differ.</summary>
    /// <exception cref="InvalidOperationException">A name that cannot be, or one used twice.</exception>
    internal static IReadOnlyList<EntityTimer> Checked(string kind, IEnumerable<EntityTimer> timers)
    {
        List<EntityTimer>? named = null;
        foreach (var (name, due) in timers)
        {
            if (name is not { Length: > 0 and <= MaxNameLength } || name.Any(letter => char.IsControl(letter) || char.IsSurrogate(letter)))
            {
                throw new InvalidOperationException($"Kind {kind} names a timer '{name}': give 1 to {MaxNameLength} characters of the basic plane, none of them a control character.");
            }

            if (named?.Any(timer => timer.Name == name) == true)
            {
                throw new InvalidOperationException($"Kind {kind} names timer '{name}' twice in one state.");
            }

            (named ??= []).Add(new EntityTimer(name, new DateTimeOffset(due.UtcTicks / TimeSpan.TicksPerMicrosecond * TimeSpan.TicksPerMicrosecond, TimeSpan.Zero)));
        }

        return named ?? (IReadOnlyList<EntityTimer>)[];
    }
}
