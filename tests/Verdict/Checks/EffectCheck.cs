namespace AkkaScale.Tests.Verdict.Checks;

/// <summary>A fault that did nothing proves nothing: the effects that were seen, by fault.</summary>
internal static class EffectCheck
{
    /// <returns>In the order of <paramref name="faults"/>.</returns>
    public static IReadOnlyList<IReadOnlyList<Effect>> Run(IReadOnlyList<Fault> faults, IReadOnlyList<Effect> effects, Findings findings)
    {
        var seen = new List<Effect>[faults.Count];
        for (var index = 0; index < faults.Count; index++)
        {
            seen[index] = [];
        }

        foreach (var effect in effects)
        {
            Owner(faults, seen, effect)?.Add(effect);
        }

        findings.Checked = faults.Count;
        for (var index = 0; index < faults.Count; index++)
        {
            var fault = faults[index];
            if (seen[index].Count == 0)
            {
                findings.Add($"Nobody looked whether {Name(fault)} had an effect.", null);
            }
            else if (!seen[index].Any(effect => effect.Seen))
            {
                findings.Add($"{Name(fault)} had no effect: {string.Join("; ", seen[index].Select(effect => effect.What))}.", null);
            }
        }

        return seen;
    }

    private static string Name(Fault fault) =>
        $"{fault.Name}{(fault.Target.Length == 0 ? "" : $" of {fault.Target}")} at {Moment.Of(fault.Begin)}";

    /// <summary>By its begin where the effect names it; else the first fault of that name and target that has none yet.</summary>
    private static List<Effect>? Owner(IReadOnlyList<Fault> faults, List<Effect>[] seen, Effect effect)
    {
        List<Effect>? last = null;
        for (var index = 0; index < faults.Count; index++)
        {
            var fault = faults[index];
            if (fault.Name != effect.Fault || fault.Target != effect.Target || (effect.Begin is { } begin && begin != fault.Begin))
            {
                continue;
            }

            last = seen[index];
            if (effect.Begin is not null || last.Count == 0)
            {
                return last;
            }
        }

        return last;
    }
}
