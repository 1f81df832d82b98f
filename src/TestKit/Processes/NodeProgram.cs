namespace AkkaScale.TestKit.Processes;

/// <summary>The program of a node, as it is started.</summary>
/// <param name="Executable">"dotnet", say, or the program itself.</param>
/// <param name="Arguments">What comes before a node's own arguments.</param>
/// <param name="Directory">Where it is started, and looks for its appsettings.json.</param>
public sealed record NodeProgram(string Executable, IReadOnlyList<string> Arguments, string Directory)
{
    /// <summary>A program as the build leaves it: an assembly that dotnet runs.</summary>
    /// <exception cref="SpecFailedException">It is not there.</exception>
    public static NodeProgram Of(string assembly) => File.Exists(assembly)
        ? new NodeProgram("dotnet", [Path.GetFullPath(assembly)], Path.GetDirectoryName(Path.GetFullPath(assembly))!)
        : throw new SpecFailedException($"{assembly} is missing: build it, in this configuration, first");

    /// <summary>The program that a type is part of: a project that the tests refer to.</summary>
    public static NodeProgram Of<TProgram>() => Of(typeof(TProgram).Assembly.Location);
}
