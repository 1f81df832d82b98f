using AkkaScale.Pbm.Load.Model;

namespace AkkaScale.Pbm.Load.Replay;

/// <summary>Compares an answer with the model's.</summary>
internal static class AnswerCheck
{
    /// <param name="before">The version that the entity's last acknowledged command carried; 0: none yet.</param>
    /// <returns>What differs; null: nothing.</returns>
    public static string? Compare(LoadCommand command, long before, GatewayAnswer answer)
    {
        var expected = command.Expected;
        if (answer.IsRefusal)
        {
            return expected.Code == answer.Code
                ? null
                : $"expected {Describe(expected)}, got refusal {answer.Status} {answer.Code}";
        }

        if (expected.IsRefusal)
        {
            return $"expected {Describe(expected)}, got {answer.Status} at version {answer.Version}";
        }

        if (answer.ETag is { } tag && tag != answer.Version)
        {
            return $"body has version {answer.Version}, ETag {tag}";
        }

        if (expected.Changed && answer.Version <= before)
        {
            return $"version {answer.Version} after {before}: did not grow though the command changes something";
        }

        return answer.Version == expected.Version ? null : $"expected version {expected.Version}, got {answer.Version}";
    }

    private static string Describe(ExpectedAnswer expected) =>
        expected.Code is null ? $"acceptance at version {expected.Version}" : $"refusal {expected.Code}";
}
