using System.Text;

namespace AkkaScale.TestKit.Entities;

/// <summary>Two texts line by line: "-" is expected and missing, "+" is there and was not expected.</summary>
internal static class TextDifference
{
    private const int LongestText = 2_000; // lines; beyond it both texts are shown as they are

    public static string Between(string expected, string actual)
    {
        var (old, now) = (expected.Split('\n'), actual.Split('\n'));
        if (old.Length > LongestText || now.Length > LongestText)
        {
            return $"expected:\n{expected}\nactual:\n{actual}";
        }

        var common = CommonLengths(old, now);
        var text = new StringBuilder();
        for (int i = 0, j = 0; i < old.Length || j < now.Length;)
        {
            if (i < old.Length && j < now.Length && old[i] == now[j])
            {
                text.Append("    ").Append(old[i++]).Append('\n');
                j++;
            }
            else if (j == now.Length || (i < old.Length && common[i + 1, j] >= common[i, j + 1]))
            {
                text.Append("  - ").Append(old[i++]).Append('\n');
            }
            else
            {
                text.Append("  + ").Append(now[j++]).Append('\n');
            }
        }

        return text.ToString().TrimEnd('\n');
    }

    /// <summary>At [i, j] the length of the longest common subsequence of what follows.</summary>
    private static int[,] CommonLengths(string[] old, string[] now)
    {
        var common = new int[old.Length + 1, now.Length + 1];
        for (var i = old.Length - 1; i >= 0; i--)
        {
            for (var j = now.Length - 1; j >= 0; j--)
            {
                common[i, j] = old[i] == now[j] ? common[i + 1, j + 1] + 1 : Math.Max(common[i + 1, j], common[i, j + 1]);
            }
        }

        return common;
    }
}
