using System.CommandLine;

namespace AkkaScale.Pbm.Invocation;

/// <summary>Options that every command takes.</summary>
internal sealed class GlobalOptions
{
    public Option<string?> Node { get; } = new("--node")
    {
        Description = "Management address of a node, host:port. Default: PBM_NODE, else the first of 127.0.0.1:8558, 8559, 8560 that answers.",
        HelpName = "host:port",
        Recursive = true,
    };

    public Option<string?> TokenFile { get; } = new("--token-file")
    {
        Description = "File with the token that the node asks for, and nothing else in it. Default: the text of PBM_TOKEN.",
        HelpName = "file",
        Recursive = true,
    };

    public Option<bool> Json { get; } = new("--json") { Description = "Print the result as JSON.", Recursive = true };

    public Option<bool> NoColor { get; } = new("--no-color") { Description = "No colours and no moving progress bars.", Recursive = true };

    public void AddTo(RootCommand root)
    {
        root.Add(Node);
        root.Add(TokenFile);
        root.Add(Json);
        root.Add(NoColor);
    }
}
