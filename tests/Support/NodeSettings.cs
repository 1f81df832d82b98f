using AkkaScale.TestKit.Processes;

namespace AkkaScale.Tests.Support;

/// <summary>How a node process of the program that ships is started.</summary>
public sealed record NodeSettings : NodeProcessSettings
{
    public NodeSettings()
        : base(NodeProgram.Of(Repository.NodeProgram)) => LogDirectory = Repository.LogDirectory;

    public required TestStore Store { get; init; }

    protected override IEnumerable<string> SharedArguments => Store.Arguments;
}
