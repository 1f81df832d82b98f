using AkkaScale.TestKit.Processes;

namespace AkkaScale.Tests.Chaos.Rig;

/// <summary>Signals to nodes that may have ended meanwhile.</summary>
internal static class NodeSignals
{
    public static void ResumeIfRunning(this NodeProcess node)
    {
        if (!node.HasExited)
        {
            node.Resume();
        }
    }
}
