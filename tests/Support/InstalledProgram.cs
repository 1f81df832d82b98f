namespace AkkaScale.Tests.Support;

/// <summary>Programs that a check uses where the machine has them.</summary>
public static class InstalledProgram
{
    /// <summary>Its path, or null where it is not installed.</summary>
    public static string? Find(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Append("/usr/sbin")
            .Select(directory => Path.Combine(directory, name))
            .FirstOrDefault(File.Exists);

    /// <summary>Null where it is installed.</summary>
    public static string? ReasonToSkip(string name) =>
        Find(name) is null ? $"{name} is not installed here: apt-get install {name}" : null;
}
