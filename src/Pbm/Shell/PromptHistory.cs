using RadLine;

namespace AkkaScale.Pbm.Shell;

/// <summary>
/// Lines typed at the prompt, kept in a file of the user's: PBM_HISTORY, else pbm_history under the state directory; PBM_HISTORY set to nothing keeps none.
/// A history that cannot be read or written is done without.
/// </summary>
internal sealed class PromptHistory
{
    private const int Kept = 1_000;

    private readonly string? _file;
    private readonly ILineEditorHistory _lines;
    private string? _last;

    public PromptHistory(ILineEditorHistory lines)
    {
        _lines = lines;
        _file = Place();
        foreach (var line in Read())
        {
            _lines.Add(_last = line);
        }
    }

    /// <summary>Not twice in a row.</summary>
    public void Add(string line)
    {
        if (line == _last)
        {
            return;
        }

        _lines.Add(_last = line);
        if (_file is null)
        {
            return;
        }

        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_file)!);
            File.WriteAllLines(_file, Read().Append(line).TakeLast(Kept));
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
        }
    }

    private static string? Place()
    {
        if (Environment.GetEnvironmentVariable("PBM_HISTORY") is { } told)
        {
            return told.Length == 0 ? null : Path.GetFullPath(told);
        }

        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        var state = Environment.GetEnvironmentVariable("XDG_STATE_HOME") is { Length: > 0 } named ? named
            : home.Length > 0 ? Path.Combine(home, ".local", "state") : null;
        return state is null ? null : Path.Combine(state, "akkascale", "pbm_history");
    }

    private IReadOnlyList<string> Read()
    {
        try
        {
            return _file is not null && File.Exists(_file) ? [.. File.ReadLines(_file).Where(line => line.Length > 0).TakeLast(Kept)] : [];
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
