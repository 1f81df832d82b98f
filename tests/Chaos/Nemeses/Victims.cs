using AkkaScale.TestKit.Processes;

namespace AkkaScale.Tests.Chaos.Nemeses;

/// <summary>Which nodes nemeses have chosen, so that two at once choose different ones.</summary>
internal sealed class Victims
{
    private readonly Lock _lock = new();
    private readonly HashSet<string> _chosen = [];

    public NodeProcess? Choose(IReadOnlyList<NodeProcess> among, Random random, List<string> claimed)
    {
        lock (_lock)
        {
            var free = among.Where(node => !_chosen.Contains(node.Name)).ToArray();
            if (free.Length == 0)
            {
                return null;
            }

            var node = free[random.Next(free.Length)];
            _chosen.Add(node.Name);
            claimed.Add(node.Name);
            return node;
        }
    }

    public void Release(List<string> claimed)
    {
        lock (_lock)
        {
            _chosen.ExceptWith(claimed);
            claimed.Clear();
        }
    }
}
