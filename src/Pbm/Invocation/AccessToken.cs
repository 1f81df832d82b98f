namespace AkkaScale.Pbm.Invocation;

/// <summary>What pbm shows to nodes that ask who it is. Never taken from the command line: other users of the machine see that.</summary>
internal static class AccessToken
{
    private const int Longest = 4_096;

    /// <param name="file">Null: the environment's PBM_TOKEN, or none.</param>
    /// <returns>Null: none.</returns>
    /// <exception cref="UsageException">The file cannot be read or holds something else.</exception>
    public static string? Read(string? file)
    {
        var (text, from) = file is null ? (Environment.GetEnvironmentVariable("PBM_TOKEN"), "PBM_TOKEN") : (ReadFile(file), file);
        var token = text?.Trim();
        return string.IsNullOrEmpty(token) ? (file is null ? null : throw new UsageException($"{from} is empty"))
            : token.Length <= Longest && token.All(character => character is > ' ' and <= '~') ? token
            : throw new UsageException($"{from} does not hold one token: it must be one word");
    }

    private static string ReadFile(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new UsageException($"the token cannot be read: {problem.Message}");
        }
    }
}
